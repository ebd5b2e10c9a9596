import { Console } from 'node:console'
import { PassThrough } from 'node:stream'
import { inspect } from 'node:util'
import { serialize } from 'node:v8'
import { coldMailReseller, createReceiver, type Delivery, dispatch, type Outcome } from '@mailbox-hooks/core'
import { deliveryPacker, queuedHandler } from '@mailbox-hooks/core/queue'
import bunyan from 'bunyan'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import winston from 'winston'
import { opensslHmac } from '../openssl.js'
import { APP_PASSWORD, type HandedOver, mailboxCreated, openMailEvent } from '../queue/handed-over.js'
import { receive } from '../request.js'

const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }

async function queued({ delivery, terms }: HandedOver): Promise<object> {
  const got: object[] = []
  const keep = { otherwise: (delivery: object) => got.push(delivery) }
  await queuedHandler<Delivery>('test', keep, sealing)(deliveryPacker('test', sealing)(delivery, terms))
  return got[0]!
}

/** The outcome of a delivery that the queue, or the handler, refuses with an error that quotes the payload. */
async function outcomeOf(failing: 'queue' | 'handler'): Promise<Outcome> {
  const outcomes: Outcome[] = []
  const { body } = await mailboxCreated()
  const fail = () => Promise.reject(Object.assign(new Error(`refused: ${body}`), { password: APP_PASSWORD }))
  const receiver = createReceiver({
    providers: [coldMailReseller({ secrets: ['key'] })],
    now: () => Date.parse('2026-01-01T00:00:00.000Z'),
    onOutcome: (outcome) => outcomes.push(outcome),
    ...(failing === 'queue' && { handOff: fail }),
  })
  const seconds = String(Date.parse('2026-01-01T00:00:00.000Z') / 1000)
  const headers = { 'cmr-x-timestamp': seconds, 'cmr-x-signature': opensslHmac('key', body).toString('hex') }
  const reception = await receive(receiver, { headers, body })
  if (reception.answer === undefined) {
    await fail().catch(reception.fail)
    await reception.settle(500)
  }
  return outcomes[0]!
}

const received = mailboxCreated()
const unknown = openMailEvent({
  event: 'inbox.exploded',
  event_id: 'e',
  password: APP_PASSWORD,
  n: [{ token: APP_PASSWORD }],
})

/** All that a user may log by mistake. */
const VALUES: Readonly<Record<string, () => Promise<object>>> = {
  'an event': async () => (await received).delivery.event,
  'an unknown event': async () => (await unknown).delivery.event,
  'a delivery': async () => (await received).delivery,
  'a delivery of an unknown event': async () => (await unknown).delivery,
  'a delivery out of a queue': async () => queued(await received),
  'the outcome of a failed handler': () => outcomeOf('handler'),
  'the outcome of a failed queue': () => outcomeOf('queue'),
  'a request with a delivery': async () => ({ url: '/webhooks', webhook: (await received).delivery }),
  'a list of deliveries': async () => [(await received).delivery, (await unknown).delivery],
  'an error with a delivery': async () => Object.assign(new Error('failed'), { delivery: (await received).delivery }),
  'a Map of events': async () => new Map([['event', (await received).delivery.event]]),
}

/** Returns the text that a logger writes to a stream. */
function written(log: (stream: PassThrough) => void): string {
  const stream = new PassThrough()
  log(stream)
  return String(stream.read())
}

const consoleOf = (stream: PassThrough) =>
  new Console({ stdout: stream, inspectOptions: { depth: 20, showHidden: true, getters: true } })

function winstonWith(format: winston.Logform.Format, stream: PassThrough) {
  return winston.createLogger({ format, transports: [new winston.transports.Stream({ stream })] })
}

const everything = { depth: 20, showHidden: true, getters: true, showProxy: true }

/** Ways to print a value. */
const PRINTS: Readonly<Record<string, (value: object) => string>> = {
  'pino.info(value)': (value) => written((stream) => pino(stream).info(value)),
  'pino.info({ value })': (value) => written((stream) => pino(stream).info({ value })),
  'pino.info({ ...value })': (value) => written((stream) => pino(stream).info({ ...value })),
  'pino.child(value)': (value) =>
    written((stream) =>
      pino(stream)
        .child({ ...value })
        .info('x'),
    ),
  'pino.info(text, value)': (value) => written((stream) => pino(stream).info('%o %j', value, value)),
  'winston.info(text, value)': (value) =>
    written((stream) => winstonWith(winston.format.json(), stream).info('message', value)),
  'winston.info(value)': (value) => written((stream) => winstonWith(winston.format.json(), stream).info(value)),
  'winston, pretty': (value) =>
    written((stream) => winstonWith(winston.format.prettyPrint(), stream).info('message', value)),
  'winston, simple': (value) =>
    written((stream) => winstonWith(winston.format.simple(), stream).info('message', { value })),
  'winston, splat': (value) =>
    written((stream) =>
      winstonWith(winston.format.combine(winston.format.splat(), winston.format.simple()), stream).info(
        '%o %j',
        value,
        value,
      ),
    ),
  'bunyan.info(value)': (value) => written((stream) => bunyan.createLogger({ name: 'x', stream }).info(value)),
  'bunyan.info({ value })': (value) => written((stream) => bunyan.createLogger({ name: 'x', stream }).info({ value })),
  'bunyan.info(text, value)': (value) =>
    written((stream) => bunyan.createLogger({ name: 'x', stream }).info('%s', value, value)),
  'bunyan.child(value)': (value) =>
    written((stream) =>
      bunyan
        .createLogger({ name: 'x', stream })
        .child({ ...value })
        .info('x'),
    ),
  'console.log': (value) => written((stream) => consoleOf(stream).log(value, [value], `${value}`)),
  'console.log of %o': (value) => written((stream) => consoleOf(stream).log('%o %O %j %s', value, value, value, value)),
  'console.dir': (value) => written((stream) => consoleOf(stream).dir(value, everything)),
  'console.table': (value) => written((stream) => consoleOf(stream).table([value, value])),
  'console.table of one': (value) => written((stream) => consoleOf(stream).table(value)),
  inspect: (value) => inspect(value, everything),
  'inspect without custom functions': (value) => inspect(value, { ...everything, customInspect: false }),
  'JSON.stringify': (value) => JSON.stringify({ nested: [value] }),
  'JSON.stringify of a copy': (value) => JSON.stringify({ ...value }),
  'inspect of a copy': (value) => inspect({ ...value }, everything),
  'Object.assign': (value) => inspect(Object.assign({}, value), { ...everything, customInspect: false }),
  'structuredClone of a copy': (value) => inspect(structuredClone({ ...value }), everything),
  'v8.serialize': (value) => serialize(value).toString('latin1'),
  String: (value) => String(value) + Object.entries(value),
}

/** Some values cannot be printed in some ways. Then the error must tell nothing either. */
function printed(print: (value: object) => string, value: object): string {
  try {
    return print(value)
  } catch (error) {
    return inspect(error, everything)
  }
}

/** winston prints a property `cause` of what is logged. That of an outcome is the error itself, as its comment says. */
const isCauseByName = (what: string, how: string) =>
  what === 'the outcome of a failed queue' && how.startsWith('winston')

describe.each(Object.entries(VALUES))('%s', (what, make) => {
  it.each(Object.entries(PRINTS).filter(([how]) => !isCauseByName(what, how)))(
    'shows no credential when it is printed by %s',
    async (_how, print) => {
      const text = printed(print, await make())
      expect(text).not.toContain(APP_PASSWORD)
      expect(text).not.toContain(APP_PASSWORD.replaceAll(' ', ''))
      // Bytes of the body.
      expect(text).not.toContain(inspect(Buffer.from(APP_PASSWORD)).slice(8, -1))
    },
  )
})

describe('the data itself', () => {
  it('stays', async () => {
    const { delivery } = await received
    const { event } = await outcomeOf('handler').then(() => delivery)
    expect(JSON.stringify(event.payload)).toContain(APP_PASSWORD)
    expect(Buffer.from(delivery.rawBody()).toString()).toContain(APP_PASSWORD)
    expect((await outcomeOf('queue')).cause).toMatchObject({ message: expect.stringContaining(APP_PASSWORD) })
    expect(await dispatch(delivery, { otherwise: ({ event }) => 'payload' in event })).toBe(true)
  })
})
