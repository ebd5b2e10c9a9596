import type { Answer } from '../request/post.js'
import { isAcknowledged } from './play.js'
import type { Part, Played } from './played.js'

/** A delivery with the judgement of its answer. */
export interface Judged {
  readonly played: Played
  /** The answer of a correct receiver. */
  readonly expected: string
  readonly isRight: boolean
  /** The fault of the answer, and its consequence. */
  readonly reason?: string
}

export interface Judgement {
  readonly rows: readonly Judged[]
  /**
   * Whether this receiver answers duplicates differently from new events. If it does not, only statuses can be judged,
   * because from outside a dropped event looks like a handled one.
   */
  readonly tellsDuplicates: boolean
}

const EXPECTED: Readonly<Record<Part, string>> = {
  new: '2xx, handled',
  retry: '2xx',
  duplicate: '2xx, a duplicate',
  'at once': '2xx handled once, else 503 or duplicate',
  forged: 'refused (401)',
  stale: 'refused (401)',
}

/** Judges all deliveries together, because the right answer of one depends on the others. */
export function judge(played: readonly Played[]): Judgement {
  const isDuplicate = duplicateTest(played)
  const tellsDuplicates =
    played.some(isDuplicate) || !played.some((row) => row.part === 'duplicate' && isAcknowledged(row))
  const rows = played.map((row) => {
    const siblings = played.filter(({ eventKey, scenario }) => eventKey === row.eventKey && scenario === row.scenario)
    const reason = wrongWith(row, { siblings, isDuplicate, tellsDuplicates, hasSecret: hasSecretOf(row, played) })
    return { played: row, expected: EXPECTED[row.part], isRight: reason === undefined, ...(reason && { reason }) }
  })
  return { rows, tellsDuplicates }
}

interface Context {
  /** All deliveries of the same event, in the order in which they ended. */
  readonly siblings: readonly Played[]
  readonly isDuplicate: (played: Played) => boolean
  readonly tellsDuplicates: boolean
  /** Whether the receiver verified a delivery of the same provider. */
  readonly hasSecret: boolean
}

/** Skips differently written JSON, because its refusal is the thing to explain. */
const hasSecretOf = ({ provider }: Played, played: readonly Played[]) =>
  played.some((other) => other.provider === provider && !other.isWrittenOtherwise && isAcknowledgedGenuine(other))

const isAcknowledgedGenuine = (row: Played) => row.part !== 'forged' && row.part !== 'stale' && isAcknowledged(row)

function wrongWith(row: Played, context: Context): string | undefined {
  if (row.answer === undefined) return row.failure
  switch (row.part) {
    case 'new':
    case 'retry':
    case 'duplicate':
      return wrongWithGenuine(row, context)
    case 'at once':
      return wrongWithOneOfMany(row, context)
    case 'forged':
      return isAcknowledged(row) ? 'a forged delivery was accepted' : undefined
    case 'stale':
      return isAcknowledged(row) ? 'a delivery far too old was accepted: it could be a captured one' : undefined
  }
}

function wrongWithGenuine(
  row: Played,
  { siblings, isDuplicate, tellsDuplicates, hasSecret }: Context,
): string | undefined {
  const before = siblings.slice(0, siblings.indexOf(row)).filter(isAcknowledged)
  if (before.length > 0) {
    if (!isAcknowledged(row)) return 'a duplicate of an acknowledged event was not acknowledged: it is sent for nothing'
    const wasHandled = before.some((other) => !isDuplicate(other))
    return wasHandled && tellsDuplicates && !isDuplicate(row) ? 'answered like a new event: handled again' : undefined
  }
  if (isAcknowledged(row)) {
    return isDuplicate(row) ? 'taken for a duplicate, though it was not handled before: the event is lost' : undefined
  }
  if (row.answer!.status < 500) return row.isWrittenOtherwise && hasSecret ? OTHER_BYTES : OTHER_SECRET
  const isLast = siblings.findLast(({ part }) => part === 'new' || part === 'retry') === row
  return isLast ? 'the last attempt failed: the provider gives up, the event is lost' : undefined
}

const OTHER_SECRET = 'a genuine delivery was refused: does the receiver have this secret?'

const OTHER_BYTES =
  'refused because of the way its JSON is written: the receiver probably does not verify the raw bytes, but JSON that it ' +
  'has parsed and serialised again'

/**
 * The time by which a duplicate must end before the handled delivery to count as acknowledged too early. Simultaneous
 * answers may arrive in either order.
 */
const CLEARLY_EARLIER_MS = 30

function wrongWithOneOfMany(row: Played, { siblings, isDuplicate, tellsDuplicates }: Context): string | undefined {
  if (!isAcknowledged(row)) return row.answer!.status < 500 ? 'a genuine delivery was refused, not put off' : undefined
  if (!tellsDuplicates) return undefined
  const handled = siblings.find((other) => isAcknowledged(other) && !isDuplicate(other))
  if (!isDuplicate(row)) return row === handled ? undefined : 'handled more than once at the same time'
  if (handled !== undefined && handled.endedAtMs - row.endedAtMs <= CLEARLY_EARLIER_MS) return undefined
  return 'acknowledged as a duplicate before the event was handled: if that fails, the event is lost'
}

/** Returns whether an answer marks a duplicate: in words, or as this receiver has answered duplicates before. */
function duplicateTest(played: readonly Played[]): (played: Played) => boolean {
  const usual = usualDuplicateAnswers(played)
  return (row) => isAcknowledged(row) && (saysDuplicate(row.answer!.body) || usual.has(textOf(row.answer!)))
}

const DUPLICATE = /duplicate|already/i

/**
 * Matches the word where it is negated: `"duplicate":false`, `alreadyProcessed=0`, `"duplicate_of":null`. Each part has a
 * maximum length, so that matching is always fast.
 */
const NO_DUPLICATE =
  /(?:\bno|not)[\s_-]{0,3}(?:an?[\s_-])?(?:duplicate|already)|(?:duplicate|already)[\w-]{0,30}["']?\s{0,3}[:=]\s{0,3}(?:\[\s{0,3}\]|""|["']?(?:false|null|none|no|0)\b)/gi

const saysDuplicate = (body: string) => DUPLICATE.test(body.replace(NO_DUPLICATE, ''))

/**
 * Returns the answers that duplicates got and their new events did not. An answer that occurred only once is skipped,
 * because it may contain an id or a time.
 */
function usualDuplicateAnswers(played: readonly Played[]): ReadonlySet<string> {
  const acknowledged = played.filter(isAcknowledged)
  const texts = acknowledged.map(({ answer }) => textOf(answer!))
  const isUsual = (text: string) => texts.indexOf(text) !== texts.lastIndexOf(text)
  return new Set(
    texts.filter((text, index) => {
      const { part, eventKey } = acknowledged[index]!
      const first = acknowledged.findIndex((other) => other.eventKey === eventKey)
      return part === 'duplicate' && text !== texts[first] && isUsual(text)
    }),
  )
}

const textOf = ({ status, body }: Answer) => `${status} ${body}`
