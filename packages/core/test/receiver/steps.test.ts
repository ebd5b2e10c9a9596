import {
  createReceiver,
  type DeliveryObserver,
  memoryStore,
  type Outcome,
  type Provider,
  type ReceiverOptions,
  type WebhookRequest,
} from '@mailbox-hooks/core'
import { describe, expect, it, vi } from 'vitest'
import { bodyAborted } from '../../src/errors.js'
import { custom } from '../providers/custom.js'
import { receive } from '../request.js'
import { verdict } from '../verdict.js'
import { notingObserver } from '../worker/worked.js'
import { BODY, mac, request, SENT, setUp } from './acme.js'

describe('the steps that an observer is told of', () => {
  async function stepsOf(options: Partial<ReceiverOptions>, what = SENT, status = 200) {
    const steps: string[] = []
    const observer = notingObserver(undefined, steps)
    const receiver = createReceiver({ providers: [custom({})], leaseMs: 5_000, observer, ...options })
    const reception = await receive(receiver, what)
    if (reception.answer === undefined) {
      await reception.run(() => steps.push('run'))
      await reception.settle(status)
      await reception.settle(200)
    }
    return steps
  }

  it.each<[string, () => Promise<readonly string[]>, readonly string[]]>([
    ['handled', () => stepsOf({}), ['verify', 'claim', 'handler', 'run', 'leave', 'handled']],
    ['failed', () => stepsOf({}, SENT, 500), ['verify', 'claim', 'handler', 'run', 'leave', 'failed']],
    ['queued', () => stepsOf({ handOff: async () => {} }), ['verify', 'claim', 'hand-off', 'queued']],
    ['refused', () => stepsOf({}, { ...SENT, body: '{}' }), ['verify', 'rejected']],
    [
      'a duplicate',
      async () => {
        const store = memoryStore()
        await stepsOf({ store })
        return stepsOf({ store })
      },
      ['verify', 'claim', 'duplicate'],
    ],
  ])('of a delivery that is %s', async (_what, run, steps) => {
    expect(await run()).toEqual(['begin', ...steps])
  })

  it('end with the outcome, also where nobody else listens', async () => {
    const ends: Outcome[] = []
    const begin = () => ({
      enter() {},
      leave() {},
      run: <T>(handler: () => T) => handler(),
      end: (outcome: Outcome) => void ends.push(outcome),
    })
    await verdict(custom({}), SENT, { leaseMs: 5_000, onOutcome: undefined, observer: { begin } as DeliveryObserver })
    expect(ends).toMatchObject([{ kind: 'failed', provider: 'acme', reading: 'body/hex', trust: 'body' }])
  })

  it.each(['begin', 'enter', 'leave', 'end', 'trace'])(
    'change nothing if the observer throws: in %s',
    async (where) => {
      const fail = () => {
        throw new Error('planted')
      }
      const steps = {
        enter() {},
        leave() {},
        run: <T>(handler: () => T) => handler(),
        end() {},
        trace: () => undefined,
      }
      const observer = where === 'begin' ? { begin: fail } : { begin: () => ({ ...steps, [where]: fail }) }
      const { receiver, outcomes } = setUp({ observer: observer as DeliveryObserver, handOff: async () => {} })
      expect((await receive(receiver, SENT)).answer?.status).toBe(200)
      expect(outcomes).toMatchObject([{ kind: 'queued' }])
    },
  )
})

describe('a request that cannot be a delivery', () => {
  it.each<[string, Partial<WebhookRequest> & { more?: Record<string, string> }, number, string]>([
    ['another method', { method: 'GET' }, 405, 'method_not_allowed'],
    ['a method in small letters', { method: 'post' }, 405, 'method_not_allowed'],
    ['an encoding', { more: { 'content-encoding': 'gzip' } }, 415, 'encoding_unsupported'],
    ['a length above the limit', { more: { 'content-length': '101' } }, 413, 'body_too_large'],
  ])('because of %s is refused before its body is read', async (_what, parts, status, error) => {
    const { receiver } = setUp({ limitBytes: 100 })
    const readBody = vi.fn(async () => Buffer.from(BODY))
    const { answer } = await receiver.receive(request({ ...parts, readBody }))
    expect([answer?.status, JSON.parse(answer?.body ?? '{}').error]).toEqual([status, error])
    expect(answer?.headers.allow).toBe(status === 405 ? 'POST' : undefined)
    expect(readBody).not.toHaveBeenCalled()
  })

  it.each<[string, Record<string, string>]>([
    ['the encoding that is none', { 'content-encoding': 'identity' }],
    ['the same in any case', { 'content-encoding': 'Identity' }],
    ['an empty encoding', { 'content-encoding': '' }],
    ['a length of just the limit', { 'content-length': '100' }],
  ])('is not one with %s', async (_what, more) => {
    const { receiver } = setUp({ limitBytes: 100 })
    expect((await receiver.receive(request({ more }))).answer).toBeUndefined()
  })
})

describe('the connection of a request that is refused', () => {
  const closed = async (parts: Partial<WebhookRequest>, more: Record<string, string> = { 'x-acme': mac('x') }) => {
    const { receiver } = setUp({ limitBytes: 100 })
    return (await receiver.receive(request({ ...parts, more }))).answer?.headers.connection === 'close'
  }

  it.each<[string, Partial<WebhookRequest>, boolean]>([
    ['stays, where its body was read', {}, false],
    ['stays, where its body was drained', { drainBody: async () => true }, false],
    ['is closed, where its body was not drained', { drainBody: async () => false }, true],
    ['is closed, where its body has no end yet', { isOpenEnded: () => true }, true],
  ])('%s', async (_what, parts, isClosed) => {
    expect(await closed(parts)).toBe(isClosed)
  })

  it('is closed, where its body is too large', async () => {
    expect(await closed({ drainBody: async () => true }, { 'content-length': '101' })).toBe(true)
  })

  it('is drained up to the limit', async () => {
    const drainBody = vi.fn(async () => true)
    await closed({ drainBody })
    expect(drainBody.mock.calls).toEqual([[100]])
  })
})

describe('the body of a sender that is known by its token', () => {
  const token = (isFinal: boolean): Provider =>
    custom({
      signature: { header: 'x-acme', secrets: ['key'], readings: [{ algorithm: 'token' }] },
      retries: { spanMs: 60_000, maxHandlerMs: 10_000, clientErrorsAreFinal: isFinal },
    })
  const signed = custom({ retries: { spanMs: 60_000, maxHandlerMs: 10_000, clientErrorsAreFinal: true } })

  // A 4xx would be the last that is heard of the event. Strangers must cause no 5xx.
  it.each<[string, Provider, string, Error, number]>([
    ['is asked for again, where a 4xx is final', token(true), 'key', bodyAborted('cut'), 503],
    ['is not, where the sender comes again anyway', token(false), 'key', bodyAborted('cut'), 400],
    ['is not, where the sender is not proven', signed, mac(BODY), bodyAborted('cut'), 400],
    ['is an error of this side, where its reading fails', token(true), 'key', new Error('planted'), 500],
  ])('%s', async (_what, provider, shown, failure, status) => {
    const { receiver } = setUp({ providers: [provider] })
    const { answer } = await receiver.receive(
      request({ more: { 'x-acme': shown }, readBody: () => Promise.reject(failure) }),
    )
    expect(answer?.status).toBe(status)
  })

  it('is not asked for again beside a token of another provider that is wrong', async () => {
    const { receiver } = setUp({
      providers: [signed, { ...token(true), examine: () => undefined } as Provider].slice(0, 1),
    })
    const { answer } = await receiver.receive(request({ readBody: () => Promise.reject(bodyAborted('cut')) }))
    expect(answer?.status).toBe(400)
  })
})

describe('a provider that throws an error of its own', () => {
  it.each<[string, Partial<Provider>]>([
    [
      'in the headers',
      {
        examine: () => {
          throw new TypeError('planted')
        },
      },
    ],
    [
      'in the body',
      {
        verify: () => {
          throw new TypeError('planted')
        },
      },
    ],
  ])('is answered 500, and hides no error of this side: %s', async (_where, broken) => {
    const provider = { ...custom({}), ...broken } as Provider
    const outcome = await verdict(provider, SENT, { leaseMs: 5_000 })
    expect(outcome).toMatchObject({ status: 500, code: 'internal_error', cause: new TypeError('planted') })
    // Nothing says that it is authentic.
    expect(outcome.rawBody).toBeUndefined()
  })

  it('is not passed over for another one that would verify', async () => {
    const examine = () => {
      throw new TypeError('planted')
    }
    const broken = {
      ...custom({ name: 'broken', signature: { header: 'x-acme', secrets: ['b'], readings: [{ content: ['body'] }] } }),
      examine,
    }
    expect(await verdict([broken, custom({})], SENT, { leaseMs: 5_000 })).toMatchObject({ code: 'internal_error' })
  })
})

describe('what is told of several providers', () => {
  const other = custom({
    name: 'other',
    signature: { header: 'x-other', secrets: ['other'], readings: [{ content: ['body'] }] },
  })

  it('is the wrong signature, where another one was malformed', async () => {
    const headers = { 'x-acme': 'not hex', 'x-other': mac(BODY) }
    const outcome = await verdict([custom({}), other], { headers, body: BODY }, { leaseMs: 5_000 })
    expect(outcome).toMatchObject({ code: 'signature_invalid', provider: 'other' })
  })
})
