import { sha256 } from '../signature/sha256.js'

/** What identifies an event within its provider, and whether the provider said so itself. */
export interface EventId {
  readonly id: string
  readonly isNative: boolean
}

/** The provider's own id verbatim, or its parts joined, or the hash of the body. */
export function eventId(id: unknown, body: Uint8Array): EventId {
  if (id !== '' && isExact(id)) return { id: String(id), isNative: true }
  if (Array.isArray(id) && id.every(isPart) && id.some(isPresent))
    return { id: id.map(printPart).join('|'), isNative: true }
  return { id: sha256(body), isNative: false }
}

/** A number beyond the safe integers may have been another one in the JSON: two events would become one. */
const isExact = (value: unknown): value is string | number => typeof value === 'string' || Number.isSafeInteger(value)

type Part = string | number | boolean | null | undefined

const isPart = (value: unknown): value is Part => value == null || typeof value === 'boolean' || isExact(value)

/** An id of nothing but missing parts would be that of all such events. */
const isPresent = (part: Part) => part != null && part !== ''

/** A missing part reads `~`; `\` makes the special characters plain, so that parts cannot flow into each other. */
const printPart = (value: Part) =>
  value == null ? '~' : String(value).replace(/[\\|~]/g, (character) => `\\${character}`)
