import { describe, expect, it } from 'vitest'
import { viewBody } from '../src/view/body-view.js'
import { findCredentials } from '../src/view/find-credentials.js'

const view = (body: string | Uint8Array, also: readonly string[] = []) =>
  viewBody(Buffer.from(body), { also, isForm: false, signed: 'all' })

describe('a body without its credentials', () => {
  it.each([
    ['{"password":"hunter-two"}', '{"password":"••••••"}'],
    ['{"password" : "hunter-two", "a": 1}', '{"password" : "••••••", "a": 1}'],
    ['{"a":{"secret":["hunter-two","hunter-three"]}}', '{"a":{"secret":["••••••","••••••"]}}'],
    ['{"secret":{"deep":{"x":"hunter-two"}},"b":"c"}', '{"secret":{"deep":{"x":"••••••"}},"b":"c"}'],
    ['{"pin":123456}', '{"pin":••••••}'],
    ['{"pass\\u0077ord":"hunter-two"}', '{"pass\\u0077ord":"••••••"}'],
    ['{"password":"a\\"hunter-two"}', '{"password":"••••••"}'],
    [
      '{"text":"the password is hunter-two","password":"hunter-two"}',
      '{"text":"the password is ••••••","password":"••••••"}',
    ],
    ['{"password":"hunter-two', '{"password":"••••••'],
    ['{"a":1}{"password":"hunter-two"}', '{"a":1}{"password":"••••••"}'],
    ['{"own":"hunter-two"}', '{"own":"••••••"}'],
    ['}]{"password":"hunter-two"}', '}]{"password":"••••••"}'],
    ['{"password":""}', '{"password":""}'],
    ['no JSON at all', 'no JSON at all'],
  ])('%s', (body, shown) => {
    expect(view(body, ['own']).text).toBe(shown)
  })

  it('is masked in its bytes, also where it is no UTF-8', () => {
    const body = Buffer.concat([Buffer.from('{"password":"hunter-two","\xe9":"'), Buffer.from([0xff])])
    const { text, hex, credentials } = view(body)
    expect(text).toBeUndefined()
    expect(hex).not.toContain(
      Buffer.from('hunter')
        .toString('hex')
        .replaceAll(/(..)(?=.)/g, '$1 '),
    )
    expect(hex).toContain('••')
    expect(credentials).toEqual(['password'])
  })

  it('has the bytes of characters before it in the right place', () => {
    expect(view('{"é":"€","pin":"1234"}').hex.replaceAll('•• ', '•').match(/•+/)?.[0]).toHaveLength(4)
  })

  it('is cut, and says so', () => {
    const { text, isCut, size } = view(`{"a":"${'é'.repeat(200_000)}","password":"hunter-two"}`)
    expect(isCut).toBe(true)
    expect(size).toBeGreaterThan(400_000)
    expect(Buffer.byteLength(text!)).toBeLessThanOrEqual(256_000)
  })

  it('is found fast, however it is written', () => {
    const long = `{"a":"${'x'.repeat(4_000_000)}"}`
    const escaped = `{"a":"${'\\n'.repeat(1_000_000)}"}`
    const many = JSON.stringify(
      Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`password${index}`, `hunter-${index}`])),
    )
    const deep = '['.repeat(1_000_000)
    const startedAt = performance.now()
    for (const body of [long, escaped, many, deep, '"'.repeat(1_000_000)]) expect(view(body).size).toBe(body.length)
    expect(performance.now() - startedAt).toBeLessThan(20_000)
  })
})

it('paths lead to where the credentials are', () => {
  const body = '{"a":[{"password":"x1"},{"token":{"b":["y1"]}}]}'
  expect(findCredentials(body, []).map(({ path, start, end }) => [path, body.slice(start, end)])).toEqual([
    ['a.0.password', 'x1'],
    ['a.1.token.b.0', 'y1'],
  ])
})
