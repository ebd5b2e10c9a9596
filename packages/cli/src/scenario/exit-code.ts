import { EXIT } from '../failure.js'
import type { Judgement } from './judge.js'

/** A receiver that answers nothing does not answer, also when it used up the time for the scenarios that were left. */
export function exitCodeOf({ rows }: Judgement, unfinished: readonly string[]): number {
  if (rows.every(({ played }) => played.answer === undefined)) return EXIT.unreachable
  return unfinished.length === 0 && rows.every(({ isRight }) => isRight) ? EXIT.ok : EXIT.wrong
}
