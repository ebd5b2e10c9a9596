import type fc from 'fast-check'
import { ABSENT, type Answer, type Call, type KeyState, type Observed, statesAfter } from './key-model.js'
import { KEYS, type Key, MINUTE_MS, type Order, textOf, type Worker, type Workers } from './workers.js'

/** The state that is known of the store. */
export class Known {
  now = 0
  /** The possible states of each key. There are several after calls whose order is not known. */
  readonly states = new Map<Key, readonly KeyState[]>(KEYS.map((key) => [key, [ABSENT]]))
  readonly tokens = new Set<string>()
}

type Turn = fc.AsyncCommand<Known, Workers, true>

/** Calls that are under way together. */
export class Send implements Turn {
  readonly #orders: readonly Order[]
  readonly #seen: (what: string) => void

  constructor(orders: readonly Order[], seen: (what: string) => void) {
    this.#orders = orders
    this.#seen = seen
  }

  check = async () => true

  async run(known: Known, workers: Workers): Promise<void> {
    const calls = this.#orders.map((order) => ({ order, call: workers.callOf(order) }))
    const others = calls.length > 1 ? workers.keepBusy() : undefined
    const observed = await Promise.all(
      calls.map(async ({ order, call }) => ({ order, call, answer: await workers.send(order, call) })),
    )
    await others
    for (const key of KEYS) {
      const ofKey = observed.filter(({ order }) => order.key === key)
      const before = known.states.get(key) ?? []
      const after = statesAfter(before, ofKey, known.now)
      if (after.length === 0) throw new Error(unexplained(key, before, known.now, ofKey))
      known.states.set(key, after)
    }
    for (const { call, answer } of observed) this.#note(known, call, answer)
  }

  toString = () => this.#orders.map(textOf).join(' & ')

  #note(known: Known, { verb }: Call, answer: Answer | undefined): void {
    this.#seen(`${verb}: ${typeof answer === 'object' ? answer.status : (answer ?? 'not read')}`)
    if (typeof answer !== 'object' || answer.status !== 'claimed') return
    if (known.tokens.has(answer.token)) throw new Error(`The token ${answer.token} was granted twice`)
    known.tokens.add(answer.token)
  }
}

export class Pass implements Turn {
  readonly #minutes: number

  constructor(minutes: number) {
    this.#minutes = minutes
  }

  check = async () => true

  async run(known: Known, workers: Workers): Promise<void> {
    known.now += this.#minutes * MINUTE_MS
    await workers.pass(this.#minutes)
  }

  toString = () => `${this.#minutes} min pass`
}

export class Crash implements Turn {
  readonly #worker: Worker

  constructor(worker: Worker) {
    this.#worker = worker
  }

  check = async () => true

  async run(_known: Known, workers: Workers): Promise<void> {
    workers.forget(this.#worker)
  }

  toString = () => `worker ${this.#worker} crashes`
}

export class Purge implements Turn {
  check = async () => true

  /** Whatever it deletes, nobody may notice. */
  async run(_known: Known, workers: Workers): Promise<void> {
    await workers.purge()
  }

  toString = () => 'purge'
}

function unexplained(key: Key, states: readonly KeyState[], now: number, observed: readonly Observed[]): string {
  const calls = observed.map(({ call, answer }) => `${JSON.stringify(call)} → ${JSON.stringify(answer)}`)
  return `${key} was ${JSON.stringify(states)} at ${now}; no order explains\n${calls.join('\n')}`
}
