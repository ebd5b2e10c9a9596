import type { Change } from './diagnosis.js'
import type { Evidence } from './evidence.js'

const ADVICE =
  'Sign the content that the provider signs. If the provider itself sends this, set the signed content in its options.'

/** Tries the right secret over the body, with other content before it. */
export function* otherContent({ id, timestamp }: Evidence): Iterable<Change> {
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
  if (id === undefined) return
  yield signed('the id, a dot and the body, without the time', `${id}.`)
  yield signed('the time, the id and the body, in this order', `${timestamp}.${id}.`)
}

/** Trying each millisecond of a second takes a thousand hashes of the body, which is fast below this size. */
const MAX_BYTES_FOR_MILLISECONDS = 200_000

/** Tries the other unit of time in the signed content. */
export function* otherUnit({ timestamp, body }: Evidence): Iterable<Change> {
  if (timestamp === undefined || !/^\d+$/.test(timestamp)) return
  const signed = (unit: string, inHeader: string, time: string): Change => ({
    code: 'timestamp_unit',
    message: `The signature was made with the time in ${unit}, while the header has it in ${inHeader}.`,
    advice: 'Sign the time exactly as the header has it. The sender must change this.',
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
