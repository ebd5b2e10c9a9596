import { createHmac, timingSafeEqual } from 'node:crypto'

/** The header that asks a receiver to replay an entry of its journal. */
export const TICKET_HEADER = 'x-mailbox-hooks-replay'

/** How long a ticket holds, in both directions. */
const WINDOW_SECONDS = 60
const VERSION = 1
/** Far longer than any id. */
const MAX_LENGTH = 20_000

/** What a ticket asks for. */
export interface Ticket {
  readonly journalId: string
  /** The entry's. */
  readonly id: string
  /** How many attempts the entry had when the ticket was made: the run itself spends it. */
  readonly attempts: number
  /** Unix time. */
  readonly seconds: number
}

/** Returns `base64url([1, journalId, id, attempts, seconds]).base64url(MAC)`. */
export function writeTicket({ journalId, id, attempts, seconds }: Ticket, key: Uint8Array): string {
  const content = Buffer.from(JSON.stringify([VERSION, journalId, id, attempts, seconds])).toString('base64url')
  return `${content}.${mac(key, content).toString('base64url')}`
}

/** Returns what a ticket asks for; undefined where form, MAC or time is wrong. Looks at no database. */
export function readTicket(text: string, keys: readonly Uint8Array[], nowMs: number): Ticket | undefined {
  if (text.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/.test(text)) return undefined
  const at = text.indexOf('.')
  const content = text.slice(0, at)
  const presented = Buffer.from(text.slice(at + 1), 'base64url')
  // All are compared, so that the time tells nothing of which key it was.
  const isGenuine = keys.map((key) => timingSafeEqual(mac(key, content), presented)).includes(true)
  if (!isGenuine) return undefined
  const parsed: unknown = JSON.parse(Buffer.from(content, 'base64url').toString())
  if (!isTicket(parsed)) return undefined
  const [, journalId, id, attempts, seconds] = parsed
  if (Math.abs(nowMs / 1000 - seconds) > WINDOW_SECONDS) return undefined
  return { journalId, id, attempts, seconds }
}

const mac = (key: Uint8Array, content: string) => createHmac('sha256', key).update(content).digest()

function isTicket(value: unknown): value is [number, string, string, number, number] {
  if (!Array.isArray(value) || value.length !== 5) return false
  const [version, journalId, id, attempts, seconds] = value
  return (
    version === VERSION &&
    typeof journalId === 'string' &&
    typeof id === 'string' &&
    Number.isSafeInteger(attempts) &&
    Number.isSafeInteger(seconds)
  )
}
