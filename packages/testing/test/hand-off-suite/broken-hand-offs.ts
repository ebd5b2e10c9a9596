import type { Delivery, HandOffTerms } from '@mailbox-hooks/core'
import { deliveryPacker, type PackedDelivery, queuedHandler, type SealingOptions } from '@mailbox-hooks/core/queue'
import type { HandOffUnderTest, WorkerHandler } from '../../src/suites.js'

interface Job {
  readonly jobId: string
  readonly packed: PackedDelivery
}

/** One mistake of a queue or its worker. Nothing is broken by default. */
export interface Breakage {
  /** The id under which a job is stored. */
  readonly idOf?: (jobId: string) => string
  readonly isDeduplicated?: boolean
  readonly isRetried?: boolean
  /** Larger jobs are dropped without a word. */
  readonly maxBytes?: number
  readonly sealing?: SealingOptions
  /** Returns what the handler gets in place of the delivery. */
  readonly change?: (delivery: Parameters<WorkerHandler>[0]) => Parameters<WorkerHandler>[0]
}

const SEALED = { sealingKeys: [new Uint8Array(32).fill(7)] }

/** A queue in memory. */
export function handOffWith(name: string, breakage: Breakage = {}): HandOffUnderTest {
  const { idOf = String, isDeduplicated = true, isRetried = true, maxBytes = Number.POSITIVE_INFINITY } = breakage
  const { sealing = SEALED, change = (delivery) => delivery } = breakage
  return {
    name,
    patienceMs: 400,
    open: async () => {
      const pack = deliveryPacker('reference', sealing)
      const known = new Set<string>()
      const waiting: Job[] = []
      let wake = () => {}
      const handOff = async (delivery: Delivery, terms: HandOffTerms) => {
        const jobId = idOf(terms.jobId)
        const packed = pack(delivery, terms)
        if (JSON.stringify(packed).length > maxBytes || (isDeduplicated && known.has(jobId))) return
        known.add(jobId)
        waiting.push({ jobId, packed })
        wake()
      }
      return {
        handOff,
        async work(handler) {
          const handle = queuedHandler<Delivery>('reference', (delivery) => handler(change(delivery)), sealing)
          let hasEnded = false
          const run = async () => {
            while (!hasEnded) {
              const job = waiting.shift()
              if (job === undefined) await new Promise<void>((resolve) => (wake = resolve))
              else await handle(job.packed).catch(() => isRetried && waiting.push(job))
            }
          }
          void run()
          return async () => {
            hasEnded = true
            wake()
          }
        },
        everythingStored: async () => JSON.stringify(waiting),
        close: async () => {},
      }
    },
  }
}

/** Each mistake, and the one check that finds it. */
export const BROKEN: Readonly<Record<string, { readonly foundBy: string; readonly breakage: Breakage }>> = {
  'hands a redacted payload to the handler': {
    foundBy: 'answers without a worker; one that starts later gets the delivery as it was received',
    // Printing hides credentials, and so does what is made of the print.
    breakage: {
      change: (delivery) =>
        new Proxy(delivery, {
          get: (target, name) => (name === 'event' ? JSON.parse(JSON.stringify(target.event)) : bound(target, name)),
        }),
    },
  },
  'makes a second job of an event': {
    foundBy: 'runs an event once that was handed over twice',
    breakage: { isDeduplicated: false },
  },
  'takes different events for one': {
    foundBy: 'runs each of many events',
    breakage: { idOf: (jobId) => jobId.slice(0, 1) },
  },
  'gives a job up that has failed': {
    foundBy: 'runs a job again whose handler failed',
    breakage: { isRetried: false },
  },
  'drops large jobs': { foundBy: 'takes a delivery of 1 MB', breakage: { maxBytes: 100_000 } },
  'seals nothing': {
    foundBy: 'stores no credential that anyone can read',
    breakage: { sealing: { plaintext: true } },
  },
}

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target)
  return typeof value === 'function' ? value.bind(target) : value
}
