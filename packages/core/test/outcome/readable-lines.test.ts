import { Console } from 'node:console'
import { PassThrough } from 'node:stream'
import { createReceiver, logOutcomes, openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { opensslHmac } from '../openssl.js'
import { receive } from '../request.js'

const NOW = 1_767_225_600_000
const PLANTED = 'planted pass word'

interface Written {
  readonly isTerminal?: boolean
  readonly payload?: object
  readonly secret?: string
  readonly options?: Partial<ReceiverOptions>
  /** What the handler throws, or how it answers. */
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
