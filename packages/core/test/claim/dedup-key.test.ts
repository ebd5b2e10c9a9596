import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dedupKey } from '../../src/claim/dedup-key.js'
import { eventId } from '../../src/event/event-id.js'

const BODY = Buffer.from('{}')
const keyOf = (namespace: string, account: string | undefined, id: unknown) =>
  dedupKey({ namespace, provider: 'acme', account }, eventId(id, BODY).id)

describe('a deduplication key', () => {
  it.each([
    ['the provider and its own id, verbatim', keyOf('', undefined, 'evt:1 | ~/@'), 'acme:evt:1 | ~/@'],
    ['the namespace and the account where they are set', keyOf('shop', 'eu', 'evt_1'), 'shop/acme@eu:evt_1'],
    [
      'an account that holds what parts a key, escaped, so that no two sources share a key',
      keyOf('a/b', 'eu:1/@x', 'evt_1'),
      'a%2Fb/acme@eu%3A1%2F%40x:evt_1',
    ],
    ['the parts of an id that has several', keyOf('', undefined, ['a|b', null, '~', '\\']), 'acme:a\\|b|~|\\~|\\\\'],
    ['a number as it is written', keyOf('', undefined, 7), 'acme:7'],
    ['an id of 4096 characters, verbatim', keyOf('', undefined, 'x'.repeat(4096)), `acme:${'x'.repeat(4096)}`],
    [
      'the hash of an id that is longer',
      keyOf('', undefined, 'x'.repeat(4097)),
      'acme:sha256:3e97197f4b8d46a893067c94ab15e195e3d97fb5f24eede5ef047b571240d92b',
    ],
    [
      "the body's hash where there is no id",
      keyOf('', undefined, undefined),
      'acme:sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    ],
  ])('is made of %s', (_what, key, expected) => {
    expect(key).toBe(expected)
  })

  it.each([[''], [null], [{}], [Number.NaN], [[[]]], [[[null, undefined, '']]]])('is not made of the id %o', (id) => {
    expect(eventId(id, BODY).isNative).toBe(false)
  })

  it('is another one for another source', () => {
    const account = fc.option(fc.string({ minLength: 1 }), { nil: undefined })
    const source = fc.tuple(fc.string(), account, fc.string({ minLength: 1 }))
    fc.assert(
      fc.property(source, source, (a, b) => {
        expect(keyOf(...a) === keyOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
    )
  })

  it('is another one for other parts', () => {
    const parts = fc
      .array(fc.option(fc.stringMatching(/^[\\|~a]*$/)), { minLength: 1, maxLength: 4 })
      .filter((list) => list.some((part) => part !== null && part !== ''))
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(keyOf('', undefined, a) === keyOf('', undefined, b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
      { numRuns: 2000 },
    )
  })
})
