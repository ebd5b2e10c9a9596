import { ignoreRejection } from './thenable.js'

/** Checks each time that a clock returns. NaN would open the window, because no time is older than NaN. */
export function checkedClock(owner: string, now: () => number): () => number {
  const tell = () => {
    const ms = now()
    if (Number.isFinite(ms)) return ms
    ignoreRejection(ms)
    throw new TypeError(`${owner}: now must return milliseconds since 1970`)
  }
  tell()
  return tell
}
