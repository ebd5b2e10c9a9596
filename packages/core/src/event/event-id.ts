import { sha256 } from '../signature/sha256.js'

/** The id of an event within its provider, and whether it is the provider's own. */
export interface EventId {
  readonly id: string
  readonly isNative: boolean
}

/** Returns the provider's own id unchanged, or its parts joined, or the hash of the body. */
export function eventId(id: unknown, body: Uint8Array): EventId {
  if (id !== '' && isExact(id)) return { id: String(id), isNative: true }
  if (Array.isArray(id) && id.every(isPart) && id.some(isPresent))
    return { id: id.map(printPart).join('|'), isNative: true }
  return { id: sha256(body), isNative: false }
}

/** Refuses numbers beyond the safe integers: parsing may have rounded them, so two events would share an id. */
const isExact = (value: unknown): value is string | number => typeof value === 'string' || Number.isSafeInteger(value)

type Part = string | number | boolean | null | undefined

const isPart = (value: unknown): value is Part => value == null || typeof value === 'boolean' || isExact(value)

/** At least one part must be present: otherwise all such events would share one id. */
const isPresent = (part: Part) => part != null && part !== ''

/** Prints a missing part as `~`, and escapes special characters with `\`, so that parts stay distinct. */
const printPart = (value: Part) =>
  value == null ? '~' : String(value).replace(/[\\|~]/g, (character) => `\\${character}`)
