import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { PrivateSchema } from '../../../test/servers/private-schema.ts'
import { findPostgres } from '../../../test/servers/services.ts'
import { messageReceived, send, start } from '../../quickstart-tests.ts'
import { CRASH_POINTS } from '../crash-point.ts'

const postgres = await findPostgres()

/** Short, because the retries have to outlast it; long enough for a busy machine to handle one event. */
const LEASE_MS = '1000'

it.skipIf(postgres.isAbsent)('exactly-once writes one order of each event, wherever a process is killed', async () => {
  const schema = await PrivateSchema.create(postgres.url)
  onTestFinished(() => schema.drop())
  const environment = { POSTGRES_URL: schema.url, LEASE_MS }

  await Promise.all(
    CRASH_POINTS.map(async (place) => {
      const doomed = await start('exactly-once', { ...environment, CRASH_AT: place })
      await expect(deliver(doomed.url, place)).rejects.toThrow('fetch failed')
      await doomed.stop()
    }),
  )
  expect(await schema.rows('SELECT event_id FROM orders')).toEqual([{ event_id: 'after COMMIT' }])

  const next = await start('exactly-once', environment)
  const answers = await Promise.all(CRASH_POINTS.map((place) => deliverUntilTaken(next.url, place)))
  expect(Object.fromEntries(CRASH_POINTS.map((place, index) => [place, answers[index]]))).toEqual({
    'before BEGIN': { received: true },
    'after the insert': { received: true },
    'after complete': { received: true },
    'after COMMIT': { received: true, duplicate: true },
  })
  const orders = await schema.rows('SELECT event_id FROM orders ORDER BY event_id')
  expect(orders.map(({ event_id }) => event_id)).toEqual([...CRASH_POINTS].sort())
})

const deliver = (url: string, eventId: string) => send(url, messageReceived(eventId))

/** As a provider does: comes again while the lease of the dead process goes on. */
async function deliverUntilTaken(url: string, eventId: string): Promise<unknown> {
  for (;;) {
    const [status, answer] = await deliver(url, eventId)
    if (status !== 503) return answer
    await sleep(100)
  }
}
