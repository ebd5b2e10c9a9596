import { Console } from 'node:console'
import { PassThrough } from 'node:stream'
import { createReceiver, logOutcomes, type OutcomeLogger, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { opensslHmac } from '../openssl.js'
import { receive, type Sent } from '../request.js'

const NOW = 1_767_225_600_000
const PLANTED = 'planted-password'

function sent({ secret = 'key', ageSeconds = 7, payload = {} } = {}): Sent {
  const body = JSON.stringify({ event: 'inbox.exploded', event_id: 'evt_1', password: PLANTED, ...payload })
  const seconds = String(NOW / 1000 - ageSeconds)
  const signature = opensslHmac(secret, `${seconds}.${body}`).toString('hex')
  return { headers: { 'x-timestamp': seconds, 'x-signature': signature }, body }
}

/** The parsed lines that a logger writes of some deliveries, each of whose handlers answers `status`. */
async function linesOf(
  logger: 'pino' | 'console',
  deliveries: Sent[],
  options: Partial<ReceiverOptions> = {},
  status = 200,
) {
  const stream = new PassThrough()
  const target: OutcomeLogger = logger === 'pino' ? pino(stream) : new Console(stream)
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['key'] })],
    now: () => NOW,
    onOutcome: logOutcomes(target),
    ...options,
  })
  for (const delivery of deliveries) {
    const reception = await receive(receiver, delivery)
    if (reception.answer === undefined) await reception.settle(status)
  }
  const text = String(stream.read())
  return {
    text,
    lines: text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  }
}

describe.each(['pino', 'console'] as const)('logOutcomes with %s', (logger) => {
  it('writes one line for each delivery, with all that is known of it', async () => {
    const { text, lines } = await linesOf(logger, [sent(), sent()])
    expect(lines).toHaveLength(2)
    expect(text.match(/"time":/g)).toHaveLength(2)
    expect(lines[0]).toMatchObject({
      time: logger === 'pino' ? expect.any(Number) : expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      msg: 'webhook handled',
      kind: 'handled',
      status: 200,
      provider: 'openmail',
      type: 'unknown',
      name: 'inbox.exploded',
      id: 'openmail:evt_1',
      trust: 'body+timestamp',
      ageMs: 7_000,
      settled: true,
      durationMs: expect.any(Number),
    })
    expect(lines[1]).toMatchObject({ kind: 'duplicate', id: 'openmail:evt_1' })
  })

  it('says what was refused and why', async () => {
    const { lines } = await linesOf(logger, [
      sent({ secret: 'guessed' }),
      sent({ ageSeconds: 400 }),
      sent({ payload: { event: 'message.received' } }),
    ])
    expect(lines).toMatchObject([
      { kind: 'rejected', code: 'signature_invalid', status: 401 },
      { kind: 'rejected', code: 'timestamp_invalid', ageMs: 400_000 },
      {
        kind: 'rejected',
        code: 'payload_invalid',
        issues: expect.arrayContaining([expect.objectContaining({ path: 'message' })]),
      },
    ])
  })

  it('never writes a body, a credential or a signature', async () => {
    const failing = () => Promise.reject(new Error(PLANTED))
    const store = { claim: failing, complete: failing, release: failing, extend: failing }
    const deliveries = [sent(), sent({ secret: 'guessed' }), sent({ payload: { event: 'message.received' } })]
    for (const options of [{}, { store }, { handOff: failing }]) {
      const { text } = await linesOf(logger, deliveries, options)
      expect(text).not.toContain(PLANTED)
      for (const { headers } of deliveries) expect(text).not.toContain(headers['x-signature'])
    }
  })
})

it.each([undefined, null, {}, 'console', { info() {}, warn() {} }])(
  'takes no logger that lacks a level: %o',
  (logger) => {
    expect(() => logOutcomes(logger as never)).toThrow(TypeError)
    expect(() => logOutcomes(logger as never)).toThrow('the logger needs the methods info, warn and error')
  },
)

describe('the level', () => {
  const PINO = { info: 30, warn: 40, error: 50 }
  const down = () => Promise.reject(new Error('down'))
  it.each([
    ['info', 'a delivery that went well', sent(), {}, 200],
    ['warn', 'a handler that failed', sent(), {}, 500],
    ['warn', 'a forgery', sent({ secret: 'guessed' }), {}, 200],
    [
      'error',
      'a store that is away',
      sent(),
      { store: { claim: down, complete: down, release: down, extend: down } },
      200,
    ],
    ['error', 'a queue that is away', sent(), { handOff: down }, 200],
  ] as const)('is %s for %s', async (level, _what, delivery, options, status) => {
    const { lines } = await linesOf('pino', [delivery], options, status)
    expect(lines).toMatchObject([{ level: PINO[level] }])
  })
  it.each([
    ['info', 'an event that a function handled', {}],
    ['warn', 'an event that nobody handled', { handledBy: 'nobody' }],
    ['warn', 'an upload that was cut off', { kind: 'rejected', status: 503, code: 'body_aborted' }],
    ['warn', 'a time that was answered with a 503', { kind: 'rejected', status: 503, code: 'timestamp_invalid' }],
    ['warn', 'a payload that was answered with a 503', { kind: 'rejected', status: 503, code: 'payload_invalid' }],
    ['error', 'a parser that has read the body', { kind: 'rejected', status: 500, code: 'body_already_read' }],
    ['warn', 'a refusal below 500', { kind: 'rejected', status: 499 }],
    ['warn', 'a handler that did not end in time', { kind: 'abandoned', status: 0 }],
    ['error', 'a job that was given up', { kind: 'dead', status: 0 }],
    ['info', 'a duplicate', { kind: 'duplicate' }],
    ['info', 'an event in flight', { kind: 'in-flight', status: 503 }],
  ] as const)('is %s for %s', (level, _what, facts) => {
    const levels: string[] = []
    const write = (level: string) => () => levels.push(level)
    const log = logOutcomes({ info: write('info'), warn: write('warn'), error: write('error') })
    log({ kind: 'handled', status: 200, durationMs: 1, ...facts })
    expect(levels).toEqual([level])
  })
})
