import { createReceiver, memoryStore, openMail, type Receiver } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { bodyInvalid, inFlight, methodNotAllowed } from '../../src/errors.js'
import { echo, refusal } from '../../src/receiver/answer.js'
import { durableJournal, mail } from '../journal/journaled.js'

const JSON_TYPE = 'application/json; charset=utf-8'

describe('the answer to a refused delivery', () => {
  it('has its error, the length of its body, and nothing more', () => {
    const body = '{"received":false,"error":"body_invalid"}'
    const headers = { 'content-type': JSON_TYPE, 'content-length': String(body.length) }
    expect(refusal(bodyInvalid('planted'), false)).toEqual({ status: 400, headers, body })
  })

  it.each<[string, Parameters<typeof refusal>, object]>([
    ['which method there is', [methodNotAllowed(), false], { allow: 'POST' }],
    ['when to come again, in whole seconds', [inFlight(1_001), false], { 'retry-after': '2' }],
    ['when to come again, which is never at once', [inFlight(0), false], { 'retry-after': '1' }],
    ['that the connection ends', [bodyInvalid('planted'), true], { connection: 'close' }],
  ])('says %s', (_what, given, headers) => {
    const { 'content-type': _type, 'content-length': _length, ...others } = refusal(...given).headers
    expect(others).toEqual(headers)
  })
})

describe('the answer to a question', () => {
  it('is its text, which no browser takes for anything else', () => {
    expect(echo('<b>')).toEqual({
      status: 200,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'content-length': '3',
        'x-content-type-options': 'nosniff',
      },
      body: '<b>',
    })
  })
})

describe('a request of which an adapter tells no headers', () => {
  it('is recorded all the same', async () => {
    const journal = durableJournal()
    const receiver: Receiver = createReceiver({ providers: [openMail({ secrets: ['key'] })], journal })
    const { headers, body } = mail('evt_1')
    const reception = await receiver.receive({
      method: 'POST',
      header: (name) => headers[name],
      readBody: async () => Buffer.from(body),
      isOpenEnded: () => false,
    })
    if (reception.answer === undefined) await reception.settle(200)
    expect((await journal.find()).entries).toMatchObject([{ id: 'openmail:evt_1', state: 'handled' }])
  })
})

describe('a list of providers', () => {
  const mailProvider = openMail({ secrets: ['key'] })
  it.each<[string, unknown]>([
    ['one that is none', [mailProvider, {}]],
    ['one that is undefined', [mailProvider, undefined]],
    ['one that is null', [null]],
  ])('with %s is refused at start', (_what, providers) => {
    const create = () => createReceiver({ providers: providers as never, store: memoryStore() })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(/providers must be a list with at least one provider/)
  })
})
