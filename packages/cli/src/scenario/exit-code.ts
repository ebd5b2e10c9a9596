import { EXIT } from '../failure.js'
import type { Judgement } from './judge.js'

/** Returns the exit code. A receiver without any answer counts as unreachable, even if it used up the time. */
export function exitCodeOf({ rows }: Judgement, unfinished: readonly string[]): number {
  if (rows.every(({ played }) => played.answer === undefined)) return EXIT.unreachable
  return unfinished.length === 0 && rows.every(({ isRight }) => isRight) ? EXIT.ok : EXIT.wrong
}
