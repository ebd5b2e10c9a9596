import { nextDelivery } from '../http/deliveries.js'
import { startProcess } from '../http/server-process.js'
import { atMost } from '../measure/goal.js'
import type { Part } from '../measure/part.js'
import type { Table } from '../measure/table.js'
import { type Sample, watch } from './watch.js'

/** A multiple of 50. Of less than 300,000 the growth is that of the code, which is still being compiled. */
const DELIVERIES = Number(process.env.BENCH_LEAK_DELIVERIES ?? 1_000_000)
const DELIVERY_SAMPLES = 10
const REFUSALS = DELIVERIES / 10
const REFUSAL_SAMPLES = 5

/**
 * How much more may be held for each request. To keep one takes 8 bytes at the least, those of a pointer to it. Without
 * a leak samples differ by up to 200 kB, which are more for each request where there are fewer of them.
 */
const LIMIT_BYTES = { deliveries: 1, refusals: 4 }

interface LeakFigures {
  readonly deliveries: readonly Sample[]
  readonly refusals: readonly Sample[]
  readonly bytesEach: { readonly deliveries: number; readonly refusals: number }
}

/** Whether anything remains of a request that has been answered. */
export const leaks: Part<LeakFigures> = { measure, tablesOf }

async function measure() {
  // Full at the first sample: from then on the store forgets an event for each that it remembers.
  const maxKeys = DELIVERIES / DELIVERY_SAMPLES
  const { child, message: port } = await startProcess<number>(
    new URL('server.ts', import.meta.url),
    [String(maxKeys)],
    ['--expose-gc', '--disable-warning=MAILBOX_HOOKS_STORE_FULL'],
  )
  const deliveries = await watch(child, port, {
    next: nextDelivery,
    status: 200,
    count: DELIVERIES,
    samples: DELIVERY_SAMPLES,
  })
  const refusals = await watch(child, port, {
    next: nextForgery,
    status: 401,
    count: REFUSALS,
    samples: REFUSAL_SAMPLES,
  })
  child.disconnect()
  if (refusals.some(({ handled }) => handled !== DELIVERIES)) throw new Error('Not each delivery was handled once')

  const growth = { deliveries: bytesEach(deliveries.slice(1)), refusals: bytesEach(refusals) }
  const goals = [
    atMost(LIMIT_BYTES.deliveries, { name: 'Held for each delivery', measured: growth.deliveries, unit: ' bytes' }),
    atMost(LIMIT_BYTES.refusals, { name: 'Held for each refusal', measured: growth.refusals, unit: ' bytes' }),
  ]
  return { goals, figures: { deliveries, refusals, bytesEach: growth } }
}

function nextForgery(): Buffer {
  const request = nextDelivery()
  request[request.indexOf('Subject')] = 's'.charCodeAt(0)
  return request
}

/** From the first of the samples to the last. */
function bytesEach(samples: readonly Sample[]): number {
  const [first, last] = [samples[0]!, samples.at(-1)!]
  return (last.bytes - first.bytes) / (last.requests - first.requests)
}

function tablesOf({ deliveries, refusals }: LeakFigures): Table[] {
  return [
    tableOf('What the server holds after so many deliveries, after full collections', deliveries),
    tableOf('And after so many refusals of forged signatures', refusals),
  ]
}

const tableOf = (title: string, samples: readonly Sample[]): Table => ({
  title,
  rows: [
    ['', 'kB', 'rss MB'],
    ...samples.map(({ requests, bytes, rssBytes }) => [
      String(requests),
      (bytes / 1000).toFixed(0),
      (rssBytes / 1e6).toFixed(0),
    ]),
  ],
})
