import { inspect } from 'node:util'
import { redact } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { cpuTimeOf } from '../cpu-time.js'
import { openMailEvent } from '../queue/handed-over.js'

const SIZE = 4_800_000
const head = { event: 'wide', event_id: 'evt_1' }

/** As many items as make a body of 4.8 MB. */
const filled = (item: (index: number) => unknown) =>
  Array.from({ length: SIZE / JSON.stringify(item(50_000)).length }, (_, index) => item(index))

const named = (values: readonly unknown[]) => Object.fromEntries(values.map((value, index) => [`f${index}`, value]))

describe.each<[string, () => object]>([
  [
    'a list of objects',
    () => ({ items: filled((index) => ({ email: `a${index}@example.com`, password: 'planted' })) }),
  ],
  ['lists in lists', () => ({ items: filled((index) => [[index, { a: { b: index } }]]) })],
  ['one object of many fields', () => ({ fields: named(filled(() => 'x'.repeat(100))) })],
  ['many fields beside the type', () => named(filled(() => 'x'.repeat(100)))],
  ['long texts', () => ({ items: filled(() => 'x'.repeat(9_000)) })],
  ['one long text', () => ({ item: 'x'.repeat(SIZE) })],
  ['one long name', () => ({ ['x'.repeat(SIZE)]: 1 })],
  ['a text of many lines', () => ({ item: 'x\n'.repeat(SIZE / 3) })],
])('a delivery of 4.8 MB with %s', (_what, payload) => {
  it('is printed at once, and what is printed is short', async () => {
    const { delivery, body } = await openMailEvent({ ...head, ...payload() })
    expect(body.length).toBeGreaterThan(4_000_000)
    const prints = [
      () => inspect(delivery),
      () => inspect(delivery, { depth: 20 }),
      () => inspect(delivery.event),
      () => JSON.stringify(delivery),
      () => JSON.stringify({ nested: [delivery.event] }),
    ]
    for (const print of prints) {
      let printed = ''
      // 100 ms are usual. Before the width was bounded, it took up to 3,000.
      expect(cpuTimeOf(() => (printed = print()))).toBeLessThan(800)
      expect(printed.length).toBeLessThan(1_500_000)
      expect(printed).not.toContain('planted')
    }
    expect(JSON.stringify(delivery)).toContain('"trust":"body+timestamp"')
    expect(JSON.stringify(delivery)).toContain(' more')
  })
})

describe('redact', () => {
  it('says how much more there is', () => {
    expect(redact(Array(1_003).fill(7))).toEqual([...Array(1_000).fill(7), '[3 more]'])
    expect(redact(named(Array(1_002).fill(7)))).toMatchObject({ f0: 7, f999: 7, '…': '[2 more]' })
    expect(redact({ text: `${'x'.repeat(10_000)}yz` })).toEqual({ text: `${'x'.repeat(10_000)}… [2 more characters]` })
    expect(redact(new Set(Array(1_007).keys()))).toMatchObject({ 999: 999, 1000: '[7 more]' })
    expect(redact(new Map(Array.from(Array(1_001).keys(), (key) => [key, 1])))).toMatchObject({ '…': '[1 more]' })
    expect(redact(Array(1_000).fill(7))).toEqual(Array(1_000).fill(7))
  })

  it('has 10,000 fields, those nearest to the top', () => {
    const copy = redact(Array.from({ length: 20 }, () => Array.from({ length: 1_000 }, () => [1]))) as unknown[][]
    expect(copy).toHaveLength(20)
    expect(copy[8]).toHaveLength(1_000)
    expect(copy[9]?.slice(-1)).toEqual(['[20 more]'])
    expect(copy[10]).toEqual(['[1000 more]'])
  })

  it('keeps what stands beside a long list', () => {
    expect(redact({ list: Array(20_000).fill({ a: 1 }), last: { password: 'x', kept: 1 } })).toMatchObject({
      last: { password: '[redacted]', kept: 1 },
    })
  })
})
