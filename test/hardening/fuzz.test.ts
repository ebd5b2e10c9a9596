import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { NOW, PROOFS, target } from './attack.js'

/** `npm run fuzz` runs more, with another seed each time. */
const CASES = Number(process.env.FUZZ_CASES ?? 20_000)
const TIMEOUT_MS = 60_000 + CASES

const SIGNATURES = ['x-signature', 'cmr-x-signature', 'x-inboxkit-signature']
const TIMES = ['x-timestamp', 'cmr-x-timestamp', 'x-inboxkit-timestamp']

const hex = fc.stringMatching(/^[0-9a-fA-F]{60,70}$/)
const signature = fc.oneof(
  fc.string({ unit: 'binary' }),
  hex,
  hex.map((digits) => `sha256=${digits}`),
  fc.base64String(),
  fc.constant('a'.repeat(64)),
  fc.constant(`${'a'.repeat(64)}, ${'a'.repeat(64)}`),
)
const time = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer().map(String),
  fc.constantFrom(String(NOW / 1000), String(NOW), new Date(NOW).toISOString(), '1e9', '0x5', ' 1', '١', 'NaN', '-1'),
)
const anyHeaders = fc.tuple(
  fc.dictionary(fc.constantFrom(...SIGNATURES), signature),
  fc.dictionary(fc.constantFrom(...TIMES), time),
  fc.dictionary(
    fc.constantFrom('content-length', 'content-encoding', 'content-type', '__proto__', 'constructor'),
    fc.oneof(fc.string(), fc.integer().map(String)),
  ),
)

// Names that mean something to JavaScript or to the receiver stand where the sender may put any.
const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('event', 'eventId', 'event_id', 'data', 'mailbox', 'uid', 'timestamp', 'message', 'occurred_at'),
  fc.constantFrom('constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'then', 'length'),
  fc.constantFrom('mailbox.created', 'mailbox.status_changed', 'message.received', 'unknown', 'otherwise'),
)
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    word,
    fc.constantFrom(null, true, 0, -0, 1e308, 9_007_199_254_740_991),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(word, tie('json'), { maxKeys: 5 }),
  ),
}))
const anyPayload = fc.dictionary(word, json, { maxKeys: 8 })

const builtIns = () => [Object.prototype, Array.prototype, Function.prototype].map((it) => Reflect.ownKeys(it).length)
const before = builtIns()

afterEach(() => {
  expect(builtIns()).toEqual(before)
})

describe(`of ${CASES} cases`, () => {
  it(
    'every one without a secret is refused, and never by a failure of our own',
    async () => {
      const { receive, outcomes } = target()
      await fc.assert(
        fc.asyncProperty(anyHeaders, fc.uint8Array({ maxLength: 64 }), async (groups, body) => {
          const { answer } = await receive({ headers: Object.assign({}, ...groups), body })
          // 503: what InboxKit is told of a time that is out of the window.
          expect([401, 413, 415, 503]).toContain(answer?.status)
          expect(outcomes.pop()?.code).not.toBe('internal_error')
          expect(outcomes).toHaveLength(0)
        }),
        { numRuns: CASES * 0.4 },
      )
    },
    TIMEOUT_MS,
  )

  it.each(Object.entries(PROOFS))(
    'every payload proven as %s does is handed over, or refused as what it is',
    async (provider, prove) => {
      const { receive, outcomes } = target({ maxHandlerMs: 60_000 })
      await fc.assert(
        fc.asyncProperty(anyPayload, async (payload) => {
          const body = JSON.stringify(payload)
          const reception = await receive({ headers: prove(body), body })
          if (reception.answer === undefined) {
            expect(reception.delivery.event.payload).toEqual(JSON.parse(body))
            expect(typeof JSON.stringify(reception.delivery)).toBe('string')
            await reception.settle(500)
          }
          const { kind, code, provider: found } = outcomes.pop()!
          expect(found).toBe(provider)
          expect([undefined, 'payload_invalid', 'body_invalid']).toContain(code)
          expect(['failed', 'rejected']).toContain(kind)
        }),
        { numRuns: CASES * 0.15 },
      )
    },
    TIMEOUT_MS,
  )

  it(
    'every run of bytes that is proven is a JSON object or refused',
    async () => {
      const { receive, outcomes } = target()
      const anyBytes = fc.oneof(
        fc.uint8Array({ maxLength: 64 }),
        fc.json().map((text) => Buffer.from(text)),
        fc
          .tuple(fc.json(), fc.uint8Array({ maxLength: 3 }))
          .map(([text, tail]) => Buffer.concat([Buffer.from(text), tail])),
      )
      await fc.assert(
        fc.asyncProperty(anyBytes, async (body) => {
          const reception = await receive({ headers: PROOFS.openmail!(body), body })
          if (reception.answer === undefined) await reception.settle(500)
          expect([undefined, 'body_invalid', 'payload_invalid']).toContain(outcomes.pop()!.code)
        }),
        { numRuns: CASES * 0.15 },
      )
    },
    TIMEOUT_MS,
  )
})
