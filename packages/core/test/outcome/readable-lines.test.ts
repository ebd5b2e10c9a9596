import { Console } from 'node:console'
import { PassThrough } from 'node:stream'
import { createReceiver, logOutcomes, type Outcome, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { readableLine } from '../../src/outcome/readable-line.js'
import { opensslHmac } from '../openssl.js'
import { receive } from '../request.js'

const NOW = 1_767_225_600_000
const PLANTED = 'planted pass word'

interface Written {
  readonly isTerminal?: boolean
  readonly payload?: object
  readonly secret?: string
  readonly options?: Partial<ReceiverOptions>
  /** The error that the handler throws, or the status that it answers. */
  readonly handler?: Error | number
}

async function lineOf({ isTerminal = true, payload = {}, secret = 'key', options = {}, handler = 200 }: Written) {
  const stdout = Object.assign(new PassThrough(), { isTTY: isTerminal })
  const stderr = Object.assign(new PassThrough(), { isTTY: isTerminal })
  const receiver = createReceiver({
    providers: [openMail({ secrets: ['key'] })],
    now: () => NOW,
    onOutcome: logOutcomes(new Console({ stdout, stderr })),
    ...options,
  })
  const body = JSON.stringify({
    event: 'inbox.exploded',
    event_id: '7c04f5d6-0000-4000-8000-000000000000',
    password: PLANTED,
    ...payload,
  })
  const seconds = String(NOW / 1000)
  const signature = opensslHmac(secret, `${seconds}.${body}`).toString('hex')
  const reception = await receive(receiver, { headers: { 'x-timestamp': seconds, 'x-signature': signature }, body })
  if (reception.answer === undefined) {
    if (handler instanceof Error) reception.fail(handler)
    await reception.settle(handler instanceof Error ? 500 : handler)
  }
  return String(stdout.read() ?? stderr.read()).replace(/ [\d.]+ ms/, ' 63 ms')
}

const failing = () => Promise.reject(Object.assign(new Error(`cannot store ${PLANTED}`), { code: 'ECONNREFUSED' }))
const away = { claim: failing, complete: failing, release: failing, extend: failing }

describe('on a terminal, a line of logOutcomes', () => {
  it.each<[string, Written]>([
    ['webhook handled  inbox.exploded  7c04f5d6…  63 ms\n', {}],
    ['webhook handled  inbox.exploded  evt_1  63 ms\n', { payload: { event_id: 'evt_1' } }],
    ['webhook failed  inbox.exploded  7c04f5d6…  63 ms  500\n', { handler: 500 }],
    [
      'webhook failed  inbox.exploded  7c04f5d6…  63 ms  500  RangeError: no [redacted]\n',
      { handler: new RangeError(`no ${PLANTED}`) },
    ],
    [
      expect.stringMatching(/^webhook rejected {2}63 ms {2}401 signature_invalid {2}The signature matches none .*\n$/),
      { secret: 'guessed' },
    ],
    [
      expect.stringMatching(
        /^webhook rejected {2}message\.received {2}7c04f5d6… .* 422 payload_invalid .* must be .* more\n$/,
      ),
      { payload: { event: 'message.received' } },
    ],
    [
      'webhook rejected  inbox.exploded  7c04f5d6…  63 ms  503 store_unavailable  ' +
        'Error (ECONNREFUSED): cannot store [redacted]  The store failed (ECONNREFUSED).\n',
      { options: { store: away } },
    ],
    [
      'webhook rejected  inbox.exploded  7c04f5d6…  63 ms  503 hand_off_failed  ' +
        'Error (ECONNREFUSED): cannot store [redacted]  The queue refused the delivery (ECONNREFUSED).\n',
      { options: { handOff: failing } },
    ],
    [
      'webhook handled  two lines red eulb  evt_1  63 ms\n',
      { payload: { event: 'two\nlines\x9b\u2028red\u202eeulb', event_id: 'evt_1' } },
    ],
  ])('reads %j', async (line, written) => {
    expect(await lineOf(written)).toEqual(line)
  })
})

describe('elsewhere, a line of logOutcomes', () => {
  it('is JSON, without what a terminal obeys', async () => {
    const event = 'a\x9b31m\u2028\u202eb'
    const line = await lineOf({ isTerminal: false, payload: { event } })
    expect(line).not.toMatch(/[\x7f-\x9f\u2028\p{Cf}]/u)
    expect(JSON.parse(line.replace(' 63 ms', ''))).toMatchObject({ level: 'info', msg: 'webhook handled', name: event })
  })

  it('tells the error behind an outage, without credentials', async () => {
    const line = await lineOf({ isTerminal: false, options: { store: away } })
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      error: { name: 'Error', code: 'ECONNREFUSED', message: 'cannot store [redacted]' },
    })
  })
})

const HANDLED: Outcome = { kind: 'handled', status: 200, durationMs: 63 }
const ISSUE = { path: 'data.id', expected: 'a text' }

describe('the line of an outcome', () => {
  it.each<[Partial<Outcome>, string]>([
    [{ durationMs: 9.96 }, 'webhook handled  9.96 ms'],
    [{ durationMs: 10.4 }, 'webhook handled  10 ms'],
    [{ durationMs: 9.5, attempt: 3 }, 'webhook handled  9.5 ms  attempt 3'],
    [{ type: 'message.received', name: 'as sent' }, 'webhook handled  as sent  63 ms'],
    [{ id: 'acme:123456789012' }, 'webhook handled  123456789012  63 ms'],
    [{ id: 'acme:1234567890123' }, 'webhook handled  12345678…  63 ms'],
    [{ id: 'acme:' }, 'webhook handled  acme:  63 ms'],
    [{ handledBy: 'nobody' }, 'webhook handled  63 ms  by nobody: no function for this type'],
    [{ settled: false }, 'webhook handled  63 ms  not settled'],
    [{ settled: true }, 'webhook handled  63 ms'],
    [{ kind: 'failed', status: 500, settled: false }, 'webhook failed  63 ms  500'],
    [{ kind: 'abandoned', status: 0 }, 'webhook abandoned  63 ms'],
    [{ kind: 'dead', status: 0, attempt: 2 }, 'webhook dead  63 ms  attempt 2'],
    [{ kind: 'duplicate', code: 'in_flight', message: 'not shown' }, 'webhook duplicate  63 ms'],
    [{ kind: 'rejected', status: 401, message: 'is shown' }, 'webhook rejected  63 ms  401  is shown'],
    [{ error: { name: 'Error', message: 'x', code: 7 } }, 'webhook handled  63 ms  Error (7): x'],
    [{ issues: [ISSUE] }, 'webhook handled  63 ms  data.id must be a text'],
    [{ issues: [ISSUE, ISSUE] }, 'webhook handled  63 ms  data.id must be a text, and 1 more'],
    [{ issues: [ISSUE, ISSUE, ISSUE] }, 'webhook handled  63 ms  data.id must be a text, and 2 more'],
  ])('of %o is %j', (facts, line) => {
    expect(readableLine({ ...HANDLED, ...facts })).toBe(line)
  })
})

describe('a console', () => {
  const stream = (isTTY: boolean | undefined) => Object.assign(new PassThrough(), { isTTY })

  // A service manager may keep one of the two.
  it.each<[string, Outcome['kind'], boolean, boolean, boolean]>([
    ['what went well', 'handled', true, false, true],
    ['what went well', 'handled', false, true, false],
    ['a failure', 'failed', false, true, true],
    ['a failure', 'failed', true, false, false],
  ])('gets %s (%s) as a line where that goes to a terminal: out %o, err %o', (_what, kind, out, err, isLine) => {
    const [stdout, stderr] = [stream(out), stream(err)]
    logOutcomes(new Console({ stdout, stderr }))({ ...HANDLED, kind })
    const text = String(stdout.read() ?? stderr.read())
    expect(text.startsWith('{')).toBe(!isLine)
  })

  it('without streams of its own gets JSON, as on other platforms', () => {
    const lines: string[] = []
    const write = (line: string) => lines.push(line)
    const methods = { info: write, warn: write, error: write, dir() {}, table() {}, groupEnd() {} }
    logOutcomes(methods as never)(HANDLED)
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', kind: 'handled', msg: 'webhook handled' })
  })

  it('is told from a logger with some of its methods, which gets objects', () => {
    const facts: unknown[] = []
    const write = (...args: unknown[]) => facts.push(args)
    logOutcomes({ info: write, warn: write, error: write, dir() {}, table() {} } as never)(HANDLED)
    expect(facts).toEqual([[HANDLED, 'webhook handled']])
  })
})
