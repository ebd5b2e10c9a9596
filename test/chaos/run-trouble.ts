import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Death } from './kill-points.js'
import { Ledger } from './ledger.js'
import { deliverAll } from './provider.js'
import { seeded } from './random.js'
import { ReceiverProcess } from './receiver-process.js'
import type { Mode, ReceiverSettings } from './receiver-settings.js'
import type { Playground } from './setup.js'
import { type Tally, tally } from './summary.js'

/** The same troubles in each run; CHAOS_SEED brings others. */
export const SEED = Number(process.env.CHAOS_SEED ?? 20_261_121)

const RECEIVERS = 3
/** Long enough for everything that happens beside the deliveries. */
const SPAN_MS = 5_000
/** Shorter than the server is lost and than a process stands still, so that answers come too late, too. */
const STORE_TIMEOUT_MS = 500
/** Longer than any handler, and then some. */
const SETTLING_MS = 500

export interface Trouble {
  /** Default: a store. */
  readonly mode?: Mode
  /** Whether handlers put the mark into a transaction of their own. */
  readonly isWithin: boolean
  readonly leaseMs: number
  /** How long a handler takes, from and to. */
  readonly handlerMs: readonly [number, number]
  /** How the lives of a receiver end. */
  readonly deaths?: (receiver: number) => readonly Death[]
  /** The settings in which this receiver differs. */
  readonly settingsOf?: (receiver: number) => Partial<ReceiverSettings>
  /** Goes on beside the deliveries. */
  readonly disturb?: (
    receivers: readonly ReceiverProcess[],
    server: Playground['server'],
    at: Playground,
  ) => Promise<void>
}

interface Paths {
  /** Where the receiver was built. */
  readonly folder: string
  /** A ledger of this run alone. */
  readonly ledger: string
}

/** The result of a run. */
export interface Aftermath extends Tally {
  /** How often each event was acknowledged. */
  readonly acknowledged: ReadonlyMap<string, number>
  /** How many entries of the journal are handled in the end, where there is one. */
  readonly handled: number | undefined
}

/** Lets a provider deliver everything to three processes on one store, and counts. */
export async function runTrouble(trouble: Trouble, playground: Playground, paths: Paths): Promise<Aftermath> {
  const { mode = 'store', isWithin, leaseMs, handlerMs, deaths, settingsOf, disturb } = trouble
  const ledger = new Ledger(paths.ledger)
  const receivers = Array.from({ length: RECEIVERS }, (_, index) => {
    const timing = { leaseMs, storeTimeoutMs: STORE_TIMEOUT_MS, handlerMs, seed: SEED + index }
    const given = { backend: playground.backend, ledger: paths.ledger, mode, isWithin, ...timing }
    const settings = { ...given, ...settingsOf?.(index) }
    return new ReceiverProcess(paths.folder, settings, deaths?.(index))
  })
  const close = () => Promise.all(receivers.map((receiver) => receiver.close()))
  onTestFinished(async () => {
    await close()
  })

  await Promise.all(receivers.map((receiver) => receiver.start()))
  const sending = deliverAll({ receivers, random: seeded(SEED), spanMs: SPAN_MS })
  const [acknowledged] = await Promise.all([sending, disturb?.(receivers, playground.server, playground)])
  // A handler whose client has gone may still run.
  await pause(SETTLING_MS)
  const handled = await playground.drained?.()
  await close()
  return { ...tally(ledger.read(), await playground.orders?.()), acknowledged, handled }
}
