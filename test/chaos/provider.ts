import { setTimeout as pause } from 'node:timers/promises'
import { send } from '../../packages/testing/src/adapter-suite/client.js'
import { messageReceived, signed } from '../../packages/testing/src/adapter-suite/deliveries.js'
import { DUPLICATES, EVENTS } from './events.js'
import { between, shuffled } from './random.js'
import type { ReceiverProcess } from './receiver-process.js'

/** Deliveries that are under way at once. More would only wait for each other on a small machine. */
const CONCURRENCY = 30

/** Tenths of a second here stand for a provider's minutes. */
const ATTEMPT_MS = 800
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 400
/** For the whole run. A delivery that is not acknowledged by then is lost. */
const GIVE_UP_MS = 60_000

export interface Sending {
  readonly receivers: readonly ReceiverProcess[]
  readonly random: () => number
  /** How long it takes at least to send everything. */
  readonly spanMs: number
}

/**
 * Sends each event several times, all in a random order, each to any of the receivers, and again until it is answered
 * 2xx. Resolves to how often each event, by its key, was acknowledged.
 */
export async function deliverAll(sending: Sending): Promise<Map<string, number>> {
  const { random, spanMs } = sending
  const acknowledged = new Map<string, number>()
  const ids = Array.from({ length: EVENTS }, (_, index) => `evt_${index}`)
  const deliveries = shuffled(Array.from({ length: DUPLICATES }, () => ids).flat(), random).entries()
  const startedAt = Date.now()

  async function work(): Promise<void> {
    for (const [index, id] of deliveries) {
      await pause(Math.max(0, startedAt + (index / (EVENTS * DUPLICATES)) * spanMs - Date.now()))
      if (!(await deliver(id, sending, startedAt + GIVE_UP_MS))) continue
      acknowledged.set(`openmail:${id}`, (acknowledged.get(`openmail:${id}`) ?? 0) + 1)
    }
  }

  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  return acknowledged
}

async function deliver(id: string, { receivers, random }: Sending, giveUpAt: number): Promise<boolean> {
  const body = messageReceived(id)
  for (let pauseMs = FIRST_PAUSE_MS; Date.now() < giveUpAt; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const { url } = receivers[Math.floor(random() * receivers.length)] ?? {}
    if (url !== undefined && (await isAcknowledged(url, body))) return true
    await pause(between(random, 0.5, 1.5) * pauseMs)
  }
  return false
}

async function isAcknowledged(url: string, body: string): Promise<boolean> {
  try {
    const { status } = await send(url, { ...signed(body), signal: AbortSignal.timeout(ATTEMPT_MS) })
    return status >= 200 && status < 300
  } catch {
    // The receiver was killed or stands still. A provider cannot tell, and comes again.
    return false
  }
}
