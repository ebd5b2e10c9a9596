import type { Ledger, Point } from './ledger.js'

/** The process dies when it passes this point for the n-th time. */
export interface Death {
  readonly point: Point
  readonly passage: number
}

/** Kills this process where the test wants it, and says first what it takes along. */
export class Danger {
  readonly #ledger: Ledger
  readonly #death: Death | undefined
  readonly #holding = new Set<string>()
  #passages = 0

  constructor(ledger: Ledger, death: Death | undefined) {
    this.#ledger = ledger
    this.#death = death
  }

  /** The process holds the claim of this event. */
  enter(id: string): void {
    this.#holding.add(id)
  }

  leave(id: string): void {
    this.#holding.delete(id)
  }

  pass(point: Point, id: string): void {
    if (point !== this.#death?.point || ++this.#passages !== this.#death.passage) return
    this.#ledger.note({ what: 'killed', id, point, holding: [...this.#holding] })
    process.kill(process.pid, 'SIGKILL')
  }
}
