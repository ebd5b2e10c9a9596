import { describe, expect, it } from 'vitest'
import { isShallow } from '../../src/request/is-shallow.js'
import { parseJson, parseJsonValue } from '../../src/request/parse-json.js'

const refusal = (message: string) => expect.objectContaining({ code: 'body_invalid', status: 400, message })

describe('a verified body', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'The body is not JSON.'],
    ['cut off', '{"a":', 'The body is not JSON.'],
    ['of two values', '{}{}', 'The body is not JSON.'],
    ['a form', 'a=1', 'The body is not JSON.'],
    ['a byte order mark and JSON', '\ufeff{}', 'The body begins with a byte order mark.'],
    ['not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 'The body is not UTF-8.'],
    ['a lone half of a character', Uint8Array.of(0x22, 0xc3, 0x22), 'The body is not UTF-8.'],
    ['null', 'null', 'The body is JSON, but not an object.'],
    ['a number', '7', 'The body is JSON, but not an object.'],
    ['a text', '"{}"', 'The body is JSON, but not an object.'],
    ['a list', '[{}]', 'The body is JSON, but not an object.'],
    // Whoever copies it field by field would set a prototype.
    ['a __proto__', '{"__proto__":{}}', 'The body has a key named __proto__.'],
    ['an escaped __proto__', '{"\\u005f_proto__":1}', 'The body has a key named __proto__.'],
    ['a __proto__ in a list', '{"a":[1,{"b":{"__proto__":null}}]}', 'The body has a key named __proto__.'],
  ])('is refused, and not quoted, that is %s', (_what, body, message) => {
    expect(() => parseJson(Buffer.from(body as string))).toThrow(refusal(message))
  })

  it.each([
    '{}',
    '{"a":"__proto__"}',
    '{"a":"\\u005f_proto__"}',
    '{"a":["__proto__",null,{"b":"é"}]}',
    '{"constructor":{"prototype":1}}',
    ' \n{"a":1}\t',
  ])('is parsed as it is: %s', (body) => {
    expect(parseJson(Buffer.from(body))).toEqual(JSON.parse(body))
  })

  it.each(['null', '7', '"__proto__"', '[{"a":1}]', 'false'])(
    'may be any JSON where a list is expected: %s',
    (body) => {
      expect(parseJsonValue(Buffer.from(body))).toEqual(JSON.parse(body))
    },
  )

  it('is read from its own bytes, not from those of a larger buffer', () => {
    const large = Buffer.from('x{"a":1}x')
    expect(parseJson(large.subarray(1, -1))).toEqual({ a: 1 })
  })
})

describe('a body of a stranger', () => {
  const nested = (depth: number, open = '[', close = ']') => `${open.repeat(depth)}${close.repeat(depth)}`

  it.each([
    [nested(200), true],
    [nested(201), false],
    [nested(201, '{', '}'), false],
    [`[${`${nested(199)},`.repeat(9)}1]`, true],
    [`"${'['.repeat(500)}"`, true],
    [`"\\"${'{'.repeat(500)}"`, true],
    [`"\\\\"${nested(201)}`, false],
    [`"\\${'\\"'.repeat(3)}"`, true],
    ['[1,'.repeat(201), false],
    ['{"a":'.repeat(201), false],
    [`[${'{"a":1},'.repeat(300)}1]`, true],
    [`[${'[1],'.repeat(300)}1]`, true],
    ['', true],
    [']]]]', true],
  ])('is parsed if it is nested at most 200 levels deep: %j', (json, isParsed) => {
    expect(isShallow(Buffer.from(json))).toBe(isParsed)
  })
})
