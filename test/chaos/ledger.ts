import { appendFileSync, readFileSync } from 'node:fs'

/** Where a receiver can be killed. */
export const POINTS = ['in the handler', 'between handler and mark', 'between mark and answer'] as const

export type Point = (typeof POINTS)[number]

export type Entry =
  /** A handler was entered. */
  | { readonly what: 'run'; readonly id: string }
  /** Its outside effect, in runs without a table of the user's. */
  | { readonly what: 'effect'; readonly id: string }
  /** It threw, so that the event was given back. */
  | { readonly what: 'failed'; readonly id: string }
  /** The event is marked as handled: the store has said so, or the transaction with the mark is committed. */
  | { readonly what: 'marked'; readonly id: string }
  /** The store has refused the mark: the claim was lost. */
  | { readonly what: 'lost'; readonly id: string }
  /** The store could not say whether it has made the mark. */
  | { readonly what: 'unknown'; readonly id: string }
  /** A delivery was refused because the store was down or slow. */
  | { readonly what: 'unavailable'; readonly id: string }
  /** The process is about to be killed while it holds these events. */
  | { readonly what: 'killed'; readonly id: string; readonly point: Point; readonly holding: readonly string[] }

/**
 * Records in a file what several processes have done. A line is written at once and as a whole, so that it is there when the
 * process is killed right after.
 */
export class Ledger {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  note(entry: Entry): void {
    appendFileSync(this.#path, `${JSON.stringify(entry)}\n`)
  }

  read(): Entry[] {
    const lines = readFileSync(this.#path, 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
  }
}
