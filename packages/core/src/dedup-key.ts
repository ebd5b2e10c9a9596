import { createHash } from 'node:crypto'

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

const sha256 = (content: string | Uint8Array) => `sha256:${createHash('sha256').update(content).digest('hex')}`

/** Whose keys these are. */
export interface KeySpace {
  readonly namespace: string
  readonly provider: string
  readonly account: string | undefined
}

/** Far longer than any provider's. A store keeps each key for days, and outcomes print it. */
const MAX_ID_LENGTH = 4096

/**
 * The deduplication key: `openmail:evt_1`, with namespace and account `shop/openmail@eu:evt_1`. Everything before the
 * first colon is free of colons, so that no two sources can make the same key. Of an id that is absurdly long the hash
 * stands in it.
 */
export function dedupKey({ namespace, provider, account }: KeySpace, id: string): string {
  const space = namespace === '' ? '' : `${encodeURIComponent(namespace)}/`
  const owner = account === undefined ? provider : `${provider}@${encodeURIComponent(account)}`
  return `${space}${owner}:${id.length > MAX_ID_LENGTH ? sha256(id) : id}`
}
