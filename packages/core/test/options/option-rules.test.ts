import { checkNames, unsetFault } from '@mailbox-hooks/core/queue'
import { describe, expect, it, vi } from 'vitest'
import { checkedClock } from '../../src/options/checked-clock.js'
import {
  ABOVE_0,
  ANYTHING,
  type Check,
  CLOCK,
  FILLED,
  FUNCTION,
  listOf,
  objectOf,
  oneOf,
  optional,
  readOptions,
  TEXT,
  WHOLE,
  withDefault,
  YES_OR_NO,
} from '../../src/options/option-rules.js'
import { atOnce, ignoreRejection, isThenable } from '../../src/options/thenable.js'

const read = (value: unknown, check: Check) => () =>
  readOptions<{ one: unknown }>('owner', { one: value, beside: 7 }, { one: check, beside: ANYTHING }).one

describe('an option', () => {
  it.each<[string, Check, readonly unknown[], readonly unknown[]]>([
    ['', ANYTHING, [undefined, null, 0, 'x'], []],
    ['a text', TEXT, ['', 'x'], [undefined, null, 7]],
    ['a text that is not empty', FILLED, ['x'], ['', 7, undefined]],
    ['a function', FUNCTION, [() => {}], [{}, undefined]],
    ['true or false', YES_OR_NO, [true, false], [0, 'true', undefined]],
    ['a number above 0', ABOVE_0, [0.5, 1], [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1']],
    ['a whole number above 0', WHOLE, [1, 2], [0, -1, 1.5, '1', Number.NaN]],
    ['a whole number above 0', optional(WHOLE), [1, undefined], [0, null]],
    ["'a' or 'b'", oneOf('a', 'b'), ['a', 'b'], ['c', undefined]],
    ['a list of a text', listOf(TEXT), [['a'], ['a', '']], [[], 'a', [7], ['a', 7], undefined]],
    ['{ deep }', objectOf({ deep: TEXT }), [{ deep: 'x' }], [null, 'x', undefined]],
  ])('must be %s', (must, check, good, bad) => {
    for (const value of good) expect(read(value, check)()).toBe(value)
    for (const value of bad) {
      expect(read(value, check)).toThrow(TypeError)
      expect(read(value, check)).toThrow(`owner: one must be ${must}`)
    }
  })

  it('in an object is named by its place', () => {
    const deep = objectOf({ deep: TEXT })
    expect(read({ deep: 7 }, deep)).toThrow('owner one: deep must be a text')
    expect(read({ dep: 'x' }, deep)).toThrow('owner one: there is no option dep; do you mean deep?')
    expect(read([{ deep: 'x' }, { deep: 7 }], listOf(deep))).toThrow('owner one[1]: deep must be a text')
  })

  it('may be checked by the options beside it', () => {
    const above: Check = [
      'above beside',
      (value, label, { beside }) => label === 'owner one' && Number(value) > Number(beside),
    ]
    expect(read(8, above)()).toBe(8)
    expect(read(7, above)).toThrow('owner: one must be above beside')
    expect(read(8, optional(above))()).toBe(8)
  })

  it('that is not given has its default, which is checked, too', () => {
    const rules = { one: withDefault(WHOLE, 5), two: withDefault(TEXT, ''), three: optional(TEXT) }
    expect(readOptions('owner', { one: undefined }, rules)).toEqual({ one: 5, two: '', three: undefined })
    expect(readOptions('owner', { one: 6, two: 'x', three: 'y' }, rules)).toEqual({ one: 6, two: 'x', three: 'y' })
    expect(() => readOptions('owner', {}, { one: WHOLE })).toThrow('owner: one must be a whole number above 0')
    const given = { one: 6 }
    readOptions('owner', given, rules)
    expect(given).toEqual({ one: 6 })
  })
})

describe('the name of an option', () => {
  const names = ['limitBytes', 'leaseMs', 'now']

  it.each([
    ['limitbytes', '; do you mean limitBytes?'],
    ['limit', '; do you mean limitBytes?'],
    ['lease', '; do you mean leaseMs?'],
    ['leaseSeconds', '; do you mean leaseMs?'],
    ['nw', '; there are limitBytes, leaseMs, now'],
    ['secrets', '; there are limitBytes, leaseMs, now'],
  ])('that is wrong is answered with one that is like it: %s', (name, advice) => {
    const check = () => checkNames('owner', { [name]: 1 }, names)
    expect(check).toThrow(TypeError)
    expect(check).toThrow(`owner: there is no option ${name}${advice}`)
  })

  it('may be missing, and with it all of them', () => {
    expect(checkNames('owner', undefined as never, names)).toEqual({})
    expect(checkNames('owner', null as never, names)).toEqual({})
    expect(checkNames('owner', { now: 1 }, names)).toEqual({ now: 1 })
    for (const wrong of ['x', 7, () => {}]) {
      const check = () => checkNames('owner', wrong as never, names)
      expect(check).toThrow('owner: the options must be an object, { limitBytes, leaseMs, now }')
    }
  })
})

describe('a clock', () => {
  it('is asked at start, and checked each time', () => {
    let ms: unknown = 7
    const tell = checkedClock('owner', () => ms as number)
    expect(tell()).toBe(7)
    for (ms of [Number.NaN, Number.POSITIVE_INFINITY, '7', new Date(), undefined]) {
      expect(tell).toThrow('owner: now must return milliseconds since 1970')
      expect(() => checkedClock('owner', () => ms as number)).toThrow(TypeError)
    }
  })

  it('that returns a promise ends nothing by its rejection', async () => {
    const rejected = Promise.reject(new Error('planted'))
    expect(() => checkedClock('owner', () => rejected as never)).toThrow(/now must return/)
    await new Promise(setImmediate)
  })

  it('is the one of this moment by default, which tests may replace', () => {
    const [, , byDefault] = CLOCK
    vi.spyOn(Date, 'now').mockReturnValue(7)
    expect((byDefault as () => number)()).toBe(7)
    vi.restoreAllMocks()
  })
})

// biome-ignore-start lint/suspicious/noThenProperty: promises of other libraries
describe('a promise', () => {
  const thenable = { then: (_resolve: unknown, reject: (error: Error) => void) => reject(new Error('planted')) }
  const callable = Object.assign(() => {}, { then: () => {} })

  it.each<[string, unknown, boolean]>([
    ['a promise', Promise.resolve(), true],
    ['one of another library', thenable, true],
    ['one that is a function', callable, true],
    ['null', null, false],
    ['undefined', undefined, false],
    ['a text', 'then', false],
    ['a number', 7, false],
    ['a function', () => {}, false],
    ['an object with another then', { then: true }, false],
  ])('is told from %s', (_what, value, is) => {
    expect(isThenable(value)).toBe(is)
  })

  it('is refused where a value is wanted at once, and ends nothing by its rejection', async () => {
    expect(atOnce('describe', 7)).toBe(7)
    for (const value of [thenable, Promise.reject(new Error('planted'))]) {
      expect(() => atOnce('describe', value)).toThrow('describe must return its value, and no promise of it')
      ignoreRejection(value)
    }
    ignoreRejection('no promise')
    await new Promise(setImmediate)
  })
})

// biome-ignore-end lint/suspicious/noThenProperty: they end here

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates that nobody expanded
describe('a text that nobody filled in', () => {
  it.each<[RegExp, readonly string[]]>([
    [
      /^reads as a value that is not set/,
      [
        'undefined',
        'NULL',
        'nil',
        'True',
        'unset',
        'Infinity',
        'None',
        'a:undefined',
        'a,null',
        'a.nan',
        'a [object Promise] b',
      ],
    ],
    [
      /^is a template that was not expanded/,
      [
        'a${KEY}b',
        '#{key}',
        'a{{ key }}b',
        '$(cat key)',
        '<%= key %>',
        '$KEY',
        '$env:KEY',
        '%KEY%',
        '{key}',
        '__KEY__',
        'process.env.KEY',
        'import.meta.env.KEY',
        'op://vault/key',
        'ref+vault://key',
        'arn:aws:key',
        '@Microsoft.KeyVault(x)',
        'ENC[x]',
        'projects/1/secrets/key',
      ],
    ],
    [
      /^is a placeholder, not the secret/,
      [
        'whsec_',
        'pk_',
        '<key>',
        '[key]',
        'a...',
        'a…',
        '••',
        '***',
        'xxx',
        'change-me',
        'changeme',
        'replace_with_it',
        'your-api-key',
        'whsec_your_secret',
        'sk_changeme',
      ],
    ],
  ])('%s', (fault, texts) => {
    expect(texts.filter((text) => !fault.test(unsetFault(text) ?? ''))).toEqual([])
  })

  it.each([
    ['undefinedx', 'xnull', 'none', 'a undefined', 'falsehood', 'nan-a', 'anan'],
    ['$', 'a$KEY', '${}', '#{ }', '{{a', '$(a', 'x$(a)', '<%a', '%a', 'a%b%', '{a', 'a{b}', '__a', 'a__b__'],
    [
      'processenv',
      'my process.env.A',
      'top://a',
      'arn:awsx',
      'my arn:aws:x',
      'my ENC[x]',
      'projects/1/key',
      'my projects/1/secrets/x',
    ],
    ['whsec_a', '<a', 'a>', '[a', 'a..', '**', 'xx', 'x'.repeat(41), 'changed', 'yours', 'change-mex', 'my changeme'],
  ])('is not %s, nor the others', (...texts) => {
    expect(texts.filter((text) => unsetFault(text) !== undefined)).toEqual([])
  })
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they end here
