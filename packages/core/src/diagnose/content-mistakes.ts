import type { Change } from './diagnosis.js'
import type { Evidence } from './evidence.js'

const ADVICE =
  'Sign what the provider signs; if the provider itself sends this, tell its adapter which content it signs.'

/** The right secret over the right body, but not together with what belongs there. */
export function* otherContent({ timestamp }: Evidence): Iterable<Change> {
  const signed = (what: string, signedBefore: string): Change => ({
    code: 'signed_content',
    message: `The signature covers ${what}, which is not what this provider signs.`,
    advice: ADVICE,
    signedBefore,
  })
  yield signed('the body alone, without the time', '')
  if (timestamp === undefined) return
  yield signed('the time, a dot and the body', `${timestamp}.`)
  yield signed('the time and the body with nothing between them', timestamp)
  yield signed('the time, a colon and the body', `${timestamp}:`)
}

/** Trying each millisecond of a second is a thousand hashes of the body: no more than a moment below this size. */
const MAX_BYTES_FOR_MILLISECONDS = 200_000

/** The header says one unit, what was signed the other. */
export function* otherUnit({ timestamp, body }: Evidence): Iterable<Change> {
  if (timestamp === undefined || !/^\d+$/.test(timestamp)) return
  const signed = (unit: string, inHeader: string, time: string): Change => ({
    code: 'timestamp_unit',
    message: `The signature was made with the time in ${unit}, while the header has it in ${inHeader}.`,
    advice: 'Sign the time exactly as it stands in the header; this is for the sender to change.',
    signedBefore: `${time}.`,
  })
  if (timestamp.length > 11) {
    yield signed('seconds', 'milliseconds', timestamp.slice(0, -3))
    return
  }
  const last = body.length > MAX_BYTES_FOR_MILLISECONDS ? 0 : 999
  for (let ms = 0; ms <= last; ms++) {
    yield signed('milliseconds', 'seconds', timestamp + String(ms).padStart(3, '0'))
  }
}
