import { inspect } from 'node:util'
import {
  createReceiver,
  type DedupStore,
  defineProvider,
  logOutcomes,
  memoryStore,
  type Outcome,
  redact,
} from '@mailbox-hooks/core'
import { deliveryPacker, type QueuedDelivery, queuedHandler } from '@mailbox-hooks/core/queue'
import { describe, expect, it } from 'vitest'
import { opensslHmac } from '../openssl.js'
import { receive } from '../request.js'

const PLANTED = 'planted-credential'
const BODY = JSON.stringify({ type: 'order.paid', id: 'evt_1', launchCode: PLANTED, password: PLANTED })
const SENT = { headers: { 'x-acme': opensslHmac('acme-secret-key', BODY).toString('hex') }, body: BODY }

/** A provider that names a credential of its own. Its schema quotes values, as validators of other libraries do. */
const acme = (fits: boolean) =>
  defineProvider({
    name: 'acme',
    signature: { header: 'x-acme', secrets: ['acme-secret-key'], readings: [{ name: 'body', trust: 'body' }] },
    retries: { spanMs: 3_600_000, maxHandlerMs: 10_000 },
    describe: ({ type, id }) => ({ type, id }),
    credentials: ['launchCode'],
    events: () => ({
      'order.paid': {
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: (value: unknown) =>
            fits
              ? { value }
              : { issues: [{ message: `Expected a number, received "${PLANTED}"`, path: ['launchCode'] }] },
        },
      },
    }),
  })

const printed = (value: unknown) => [JSON.stringify(value), inspect(value, { depth: 20, showHidden: true })].join()

function setUp(fits: boolean, store: DedupStore = memoryStore()) {
  const outcomes: Outcome[] = []
  const lines: unknown[] = []
  const line = (...args: unknown[]) => lines.push(...args)
  const log = logOutcomes({ info: line, warn: line, error: line })
  const receiver = createReceiver({
    providers: [acme(fits)],
    store,
    onOutcome: (outcome) => {
      outcomes.push(outcome)
      log(outcome)
    },
  })
  return { deliver: () => receive(receiver, SENT), outcomes, lines }
}

describe('a credential that a provider names', () => {
  it('is in no print of the event alone, neither in the receiver nor in a worker', async () => {
    const { deliver } = setUp(true)
    const reception = await deliver()
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }
    const terms = { provider: 'acme', retentionMs: 1, credentials: ['launchCode'] }
    const packed = JSON.parse(JSON.stringify(deliveryPacker('test', sealing)(reception.delivery, terms as never)))
    const worked: QueuedDelivery[] = []
    await queuedHandler('test', { otherwise: (delivery: QueuedDelivery) => worked.push(delivery) }, sealing)(packed)
    for (const { event } of [reception.delivery, worked[0]!]) {
      expect(event.payload).toMatchObject({ launchCode: PLANTED })
      expect(printed(event)).toContain('[redacted]')
      expect(printed(event)).not.toContain(PLANTED)
      expect(printed({ job: [event] })).not.toContain(PLANTED)
    }
  })

  it('is in no issue, though the validator quotes the value', async () => {
    const { deliver, outcomes, lines } = setUp(false)
    expect((await deliver()).answer?.status).toBe(422)
    expect(outcomes[0]!.issues).toHaveLength(1)
    expect(printed(outcomes) + printed(lines)).not.toContain(PLANTED)
  })

  it('is in no printed line of an outage whose cause quotes it', async () => {
    const store = Object.assign(memoryStore(), {
      claim: () => Promise.reject(new Error(`SET evt_1 ${PLANTED} failed`, { cause: new Error(PLANTED) })),
    })
    const { deliver, outcomes, lines } = setUp(true, store)
    expect((await deliver()).answer?.status).toBe(503)
    expect(outcomes).toMatchObject([{ code: 'store_unavailable' }])
    expect(printed(outcomes.map((outcome) => ({ ...outcome }))) + printed(lines)).not.toContain(PLANTED)
  })
})

describe('everything below a field that is named like a credential', () => {
  it.each([
    ['a text in an object', { password: { value: PLANTED } }],
    ['a text in a list', { 'api-key': [PLANTED] }],
    ['a text in objects in lists', { cookie: [{ name: 'sid', parts: [PLANTED] }] }],
    ['a text in a Map', { secrets: new Map([['a', PLANTED]]) }],
    ['the value of a header', { headers: { 'set-cookie': [`sid=${PLANTED}`], 'x-auth-token': PLANTED } }],
  ])('is hidden: %s', (_what, value) => {
    expect(printed(redact(value))).not.toContain(PLANTED)
  })
})

describe('an object that stands in two places', () => {
  it('is shown in both, without its credentials', () => {
    const shared = { id: 1, token: PLANTED }
    const shown = { id: 1, token: '[redacted]' }
    expect(redact({ first: shared, second: [shared] })).toEqual({ first: shown, second: [shown] })
  })
})
