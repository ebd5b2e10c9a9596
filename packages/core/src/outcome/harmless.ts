import { ignoreRejection } from '../options/thenable.js'

/** Calls a listener. Ignores its errors and its rejection: an unhandled one would let any sender end the process. */
export function harmless<T>(tell: () => T): T | undefined {
  try {
    const told = tell()
    ignoreRejection(told)
    return told
  } catch {
    return undefined
  }
}
