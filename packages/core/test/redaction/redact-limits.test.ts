import { redact } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { credentialsIn } from '../../src/redaction/credentials-in.js'
import { printedError } from '../../src/redaction/printed-error.js'
import { secretCutter } from '../../src/redaction/secret-cutter.js'
import { partsOfSecret } from '../../src/redaction/secret-parts.js'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('a redacted copy', () => {
  it('has 10,000 characters of a text, and 500,000 of all', () => {
    const text = 'x'.repeat(10_001)
    expect(redact(text.slice(1))).toBe(text.slice(1))
    expect(redact(text)).toBe(`${text.slice(1)}… [1 more characters]`)
    const copy = redact(numbers(51).map(() => text.slice(1))) as string[]
    expect(copy.slice(0, 50)).toEqual(numbers(50).map(() => text.slice(1)))
    expect(copy.slice(50)).toEqual(['[1 more]'])
    expect(redact([])).toEqual([])
  })

  // Their names would be cut to nothing, and be one name.
  it('says how many fields there are behind the last character', () => {
    const texts = Object.fromEntries(numbers(50).map((index) => [`t${index}`, 'x'.repeat(10_000)]))
    const copy = redact({ ...texts, aa: 1, bb: 2, cc: { dd: 3 } }) as Record<string, unknown>
    expect(Object.keys(copy)).toEqual([...Object.keys(texts), '…'])
    expect(copy['…']).toBe('[3 more]')
  })

  it('refers to itself where the value does', () => {
    const value: Record<string, unknown> = { id: 1 }
    value.self = value
    const copy = redact(value) as Record<string, unknown>
    expect(copy.self).toBe(copy)
  })

  it('may be changed', () => {
    const copy = redact({ one: 1, two: 2 }) as Record<string, unknown>
    copy.one = 3
    delete copy.two
    expect(copy).toEqual({ one: 3 })
  })

  it('has the result of toJSON, where that is a function, and ends where it never does', () => {
    expect(redact({ toJSON: 7 })).toEqual({ toJSON: 7 })
    expect(redact({ toJSON: () => ({ token: 'x', id: 1 }) })).toEqual({ token: '[redacted]', id: 1 })
    const endless = (): object => ({ toJSON: endless })
    expect(redact({ a: endless() })).toEqual({ a: '[too deep]' })
  })

  it('shows that a credential is empty', () => {
    const value = { password: '', token: null, secret: undefined, pin: 0 }
    expect(redact(value)).toEqual({ password: '', token: null, secret: undefined, pin: '[redacted]' })
  })
})

describe('the credentials in a value', () => {
  it('are the texts and numbers below the names of credentials', () => {
    const value = {
      password: 'one',
      none: null,
      unset: undefined,
      yes: true,
      token: { a: [null, 7, undefined, true], b: { c: 'two' } },
      list: [{ pin: 'three' }, 'text'],
      launchCode: 'four',
    }
    expect(credentialsIn(value, ['launchCode']).sort()).toEqual(['7', 'four', 'one', 'three', 'two'])
    for (const nothing of [null, undefined, 'text', 7, true]) expect(credentialsIn(nothing, [])).toEqual([])
  })
})

describe('the parts of a secret that are secrets', () => {
  it.each<[string, readonly string[]]>([
    ['plain', []],
    ['Bearer abc', ['abc']],
    ['basic abc', ['abc']],
    ['Bearer abc\ndef', []],
    ['my Bearer abc', []],
    ['Bearer ', []],
    ['https://example.com/', []],
    ['smtp://ada:s3cr3t@example.com', ['s3cr3t']],
    ['smtp://:s3cr3t@example.com', ['s3cr3t']],
    ['smtp://ada@example.com', []],
    ['https://example.com/?a=1234567&code=12345678#id.token=abcdefgh', ['12345678', 'abcdefgh']],
    ['?code=12345678', []],
  ])('%j', (secret, parts) => {
    expect(partsOfSecret(secret)).toEqual([secret, ...parts])
  })
})

describe('a printed error', () => {
  const print = (thrown: unknown) => printedError(thrown, secretCutter(['planted']))

  it.each<[string, unknown, object]>([
    [
      'has its name and its message, without secrets',
      new RangeError('of planted'),
      { name: 'RangeError', message: 'of [redacted]' },
    ],
    ['has a code that is a text', { code: 'E_planted' }, { name: 'Error', message: 'm', code: 'E_[redacted]' }],
    ['has a code that is a number', { code: 7 }, { name: 'Error', message: 'm', code: 7 }],
    ['has no other code', { code: { a: 1 } }, { name: 'Error', message: 'm' }],
  ])('%s', (_what, thrown, printed) => {
    const error = thrown instanceof Error ? thrown : Object.assign(new Error('m'), thrown)
    expect(print(error)).toEqual(printed)
  })

  it.each<[string, unknown[], string]>([
    ['the first of several', [new Error('first'), new Error('second')], 'first'],
    ['nothing, where the first is no error', ['first', new Error('second')], ''],
    ['nothing, where there is none', [], ''],
  ])('without a message has that of %s', (_what, errors, message) => {
    expect(print(new AggregateError(errors))).toEqual({ name: 'AggregateError', message })
  })
})
