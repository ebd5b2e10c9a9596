import { createHmac } from 'node:crypto'
import type { ContentPart } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'
import { verdict } from '../verdict.js'

const SECRET = 'the-secret-of-acme'
const SECONDS = 1_780_000_000
const MILLISECONDS = SECONDS * 1000
const DOT = { text: '.' }
const BODY = '{"id":"evt_1","n":7,"deep":{"er":"x"},"time":"1","none":null}'

const mac = (content: string | Uint8Array) => createHmac('sha256', SECRET).update(content).digest('hex')

/** A provider whose signature covers these parts. */
const over = (content: readonly ContentPart[]) =>
  custom({
    signature: {
      header: 'x-acme',
      secrets: [SECRET],
      readings: [{ content }],
      ...(content.includes('id') && { id: 'x-id' }),
    },
    timestamp: { header: 'x-time', format: 'unix', maxAgeSeconds: 300, maxAheadSeconds: 300 },
  })

async function codeOf(content: readonly ContentPart[], signed: string | Uint8Array, texts: object = {}, body = BODY) {
  const headers = { 'x-acme': mac(signed), 'x-id': 'msg_1', 'x-time': `${SECONDS}`, ...texts }
  const { code, ...rest } = await verdict(over(content), { headers, body }, { now: () => MILLISECONDS })
  // The handler that is reached fails.
  return code ?? `accepted as ${rest.reading}, proves ${rest.trust}`
}

describe('what a signature covers', () => {
  it.each<[readonly ContentPart[], string, string]>([
    [['body'], BODY, 'body/hex, proves body'],
    [['time', DOT, 'body'], `${SECONDS}.${BODY}`, 'time.body/hex, proves body+timestamp'],
    [['id', DOT, 'time', DOT, 'body'], `msg_1.${SECONDS}.${BODY}`, 'id.time.body/hex, proves body+timestamp'],
    [
      [{ text: 'v0:' }, 'time', { text: ':' }, 'body'],
      `v0:${SECONDS}:${BODY}`,
      'v0:time:body/hex, proves body+timestamp',
    ],
    [['time', { field: 'id' }], `${SECONDS}evt_1`, 'timeid/hex, proves sender'],
    [[{ field: 'deep.er' }], 'x', 'deep.er/hex, proves sender'],
    [[{ field: 'n' }, { text: 'ü' }, 'body'], `7ü${BODY}`, 'nübody/hex, proves body'],
    [['time', 'body'], `${SECONDS}${BODY}`, 'timebody/hex, proves body+timestamp'],
  ])('is %j, named in the outcome with what it proves', async (content, signed, accepted) => {
    expect(await codeOf(content, signed)).toBe(`accepted as ${accepted}`)
    expect(await codeOf(content, `${signed}x`)).toBe('signature_invalid')
  })

  // One signature would fit two requests.
  it.each<[string, readonly ContentPart[], string, object]>([
    ['an id that holds what follows it', ['id', DOT, 'body'], `msg.1.${BODY}`, { 'x-id': 'msg.1' }],
    ['no id', ['id', DOT, 'body'], `undefined.${BODY}`, { 'x-id': undefined }],
    ['an id of 256 characters', ['id', DOT, 'body'], `${'x'.repeat(256)}.${BODY}`, { 'x-id': 'x'.repeat(256) }],
    [
      'an id that holds the beginning of what follows it',
      ['id', { text: '--' }, 'body'],
      `a-b--${BODY}`,
      { 'x-id': 'a-b' },
    ],
    ['an id with a space', ['id', DOT, 'body'], `msg 1.${BODY}`, { 'x-id': 'msg 1' }],
    ['a field that is not there', ['time', { field: 'none' }], `${SECONDS}undefined`, {}],
    ['a field that is an object', ['time', { field: 'deep' }], `${SECONDS}[object Object]`, {}],
    ['a field below null', ['time', { field: 'none.er' }], `${SECONDS}undefined`, {}],
    ['a field below a text', ['time', { field: 'id.length' }], `${SECONDS}5`, {}],
    ['a field that is inherited', ['time', { field: 'toString.name' }], `${SECONDS}toString`, {}],
  ])('cannot be %s', async (_what, content, signed, texts) => {
    expect(await codeOf(content, signed, texts)).toBe('signature_invalid')
  })

  it('may be an id of 255 characters, and of any visible ones', async () => {
    for (const id of ['x'.repeat(255), '!~']) {
      expect(await codeOf(['id', DOT, 'body'], `${id}.${BODY}`, { 'x-id': id })).toMatch(/^accepted/)
    }
  })

  it.each([
    ['1.5', '1.5'],
    ['9007199254740992', '9007199254740992'],
    ['true', 'true'],
    ['null', 'null'],
  ])('cannot be a number that is not whole, or not exact, or no number: %s', async (json, text) => {
    expect(await codeOf([{ field: 'n' }], text, {}, `{"n":${json}}`)).toBe('signature_invalid')
    expect(await codeOf([{ field: 'n' }], '9007199254740991', {}, '{"n":9007199254740991}')).toMatch(/^accepted/)
  })

  // `17800000000` and a body, or `1780000000` and a body that begins with `0`?
  it('is a time of 10 or 13 digits, where digits may follow', async () => {
    const content = ['time', { field: 'n' }] as const
    const old = (time: string) => {
      const headers = { 'x-acme': mac(`${time}7`), 'x-time': time }
      return verdict(over(content), { headers, body: BODY }, { now: () => Number(time) * 1000 })
    }
    expect((await old('178000000')).code).toBe('signature_invalid')
    expect((await old('1780000000')).code).toBeUndefined()
    expect(await codeOf(content, `${MILLISECONDS}7`, { 'x-time': `${MILLISECONDS}` })).toMatch(/^accepted/)
  })

  it('is a time of any length where no digit follows', async () => {
    for (const end of [DOT, { text: ' ' }]) {
      const headers = { 'x-acme': mac(`178000000${end.text}${BODY}`), 'x-time': '178000000' }
      const { code } = await verdict(
        over(['time', end, 'body']),
        { headers, body: BODY },
        { now: () => 178_000_000_000 },
      )
      expect(code).toBeUndefined()
    }
    const atEnd = { headers: { 'x-acme': mac('7.178000000'), 'x-time': '178000000' }, body: BODY }
    const last = over([{ field: 'n' }, DOT, 'time'])
    expect((await verdict(last, atEnd, { now: () => 178_000_000_000 })).code).toBeUndefined()
    const headers = { 'x-acme': mac(`1780000000${BODY}`), 'x-time': '178000000' }
    const content: ContentPart[] = ['time', { text: '0' }, 'body']
    expect((await verdict(over(content), { headers, body: BODY }, { now: () => 178_000_000_000 })).code).toBe(
      'signature_invalid',
    )
  })
})

describe('parts under which one signature would fit two requests', () => {
  it.each<[string, readonly unknown[], RegExp]>([
    ['nothing but texts', [{ text: 'a' }], /content must have 'body', 'time' or a field/],
    ['nothing but an id and texts', ['id', DOT], /what is signed is the same for each event/],
    ['the id twice', ['id', DOT, 'id', DOT, 'body'], /content has id twice/],
    ['the time twice', ['time', DOT, 'time', DOT, 'body'], /content has time twice/],
    ['an empty text', ['time', { text: '' }, 'body'], /content has an empty text/],
    ['a body that is not the last', ['body', 'time'], /'body' must be the last part/],
    ['a text behind the body', ['body', DOT], /'body' must be the last part/],
    ['an id that ends nowhere', ['id', 'body'], /a \{ text \} must follow id/],
    ['a field that ends nowhere', [{ field: 'a.b' }, 'body'], /a \{ text \} must follow a\.b/],
    ['an id before a time', ['id', 'time', DOT, 'body'], /a \{ text \} must follow id/],
  ])('are refused at start: %s', (_what, content, message) => {
    const create = () => over(content as ContentPart[])
    expect(create).toThrow(TypeError)
    expect(create).toThrow(/^acme signature readings\[0\]: /)
    expect(create).toThrow(message)
  })

  it('are none where each part ends', () => {
    for (const content of [
      ['id', DOT, 'time'],
      ['time', { field: 'a' }],
      [DOT, { field: 'a' }, DOT, { field: 'b' }],
    ]) {
      expect(() => over(content as ContentPart[])).not.toThrow()
    }
  })
})
