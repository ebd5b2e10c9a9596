import { describe, expect, it } from 'vitest'
import { recognizeEvent } from '../../src/event/recognize-event.js'
import { custom } from '../providers/custom.js'

/** Recognizes a payload that its provider describes so, and whose schema finds these issues. */
function recognized(described: object, issues?: readonly object[], isAsync = false) {
  const result = issues === undefined ? { value: {} } : { issues }
  const validate = () => (isAsync ? Promise.resolve(result) : result)
  const provider = custom({
    describe: () => described,
    events: () => ({ paid: { '~standard': { version: 1, vendor: 'test', validate } } }),
  })
  const payload = { a: 1, password: 'planted' }
  return recognizeEvent(provider, { payload, body: Buffer.from('{}'), headers: { header: () => undefined } })
}

const PAID = { type: 'paid', id: '1' }

describe('an event', () => {
  it('whose type has a schema that its payload matches is known', async () => {
    for (const isAsync of [false, true]) {
      const { event, type, eventId, hasNativeId, issues } = await recognized(PAID, undefined, isAsync)
      expect(event).toMatchObject({ type: 'paid', id: '1', known: true, payload: { a: 1, password: 'planted' } })
      expect({ type, eventId, hasNativeId, issues }).toEqual({ type: 'paid', eventId: '1', hasNativeId: true })
    }
  })

  it.each<[unknown, string | undefined]>([
    ['refunded', 'refunded'],
    ['', undefined],
    [7, undefined],
    [undefined, undefined],
  ])('of the type %j is unknown, and has the name %j', async (type, name) => {
    const { event, type: known } = await recognized({ ...PAID, type })
    expect(event).toMatchObject({ type: 'unknown', name, known: false, payload: { a: 1 } })
    expect(event).not.toHaveProperty('issues')
    expect(known).toBe(name)
  })

  it('has its entity and its time where the provider gives them as texts', async () => {
    const given = { ...PAID, entity: 'inb_1', occurredAt: '2026-01-01T00:00:00Z', attempt: 3 }
    const { event, entity, occurredAtMs, attempt } = await recognized(given)
    expect(event).toMatchObject({ entity: 'inb_1', occurredAt: new Date('2026-01-01T00:00:00Z') })
    expect({ entity, occurredAtMs, attempt }).toEqual({ entity: 'inb_1', occurredAtMs: 1_767_225_600_000, attempt: 3 })
  })

  it.each([
    ['nothing', {}],
    ['other values', { entity: 7, occurredAt: 1_767_225_600, attempt: '3' }],
    ['an empty entity and no time', { entity: '', occurredAt: 'yesterday', attempt: null }],
  ])('has neither where it gives %s', async (_what, more) => {
    const { event, entity, occurredAtMs, attempt } = await recognized({ ...PAID, ...more })
    expect({ entity, occurredAtMs, attempt }).toEqual({})
    expect(Object.keys(event)).toEqual(['type', 'id', 'known'])
  })
})

describe('the issues of a payload', () => {
  it('make an event unknown that has its name and its payload', async () => {
    for (const isAsync of [false, true]) {
      const { event, type, issues } = await recognized(PAID, [{ message: 'x', path: ['a'] }], isAsync)
      expect(event).toMatchObject({ type: 'unknown', name: 'paid', known: false, issues, payload: { a: 1 } })
      expect(type).toBe('paid')
    }
  })

  // The messages of some libraries quote the value, which may be a password.
  it.each<[string, object, string, string]>([
    ['what zod expected', { path: ['a', 'b'], expected: 'string', code: 'invalid_type' }, 'a.b', 'string'],
    ['one of several values', { path: ['a'], values: ['x', 7] }, 'a', 'x or 7'],
    ['a code', { path: ['a'], code: 'too_small' }, 'a', 'too_small'],
    ['a check of its own', { path: ['a'], code: 'custom' }, 'a', 'another value'],
    ['nothing but a message', { path: ['a'] }, 'a', 'another value'],
    ['a code that is none', { path: ['a'], code: 7, expected: 7, values: 'x' }, 'a', 'another value'],
    ['segments that are objects', { path: [{ key: 'a' }, { key: 0 }] }, 'a.0', 'another value'],
    ['symbols', { path: [Symbol('a'), 1] }, 'Symbol(a).1', 'another value'],
    ['no path', {}, '', 'another value'],
  ])('say the place, and %s, and quote no value', async (_what, issue, path, expected) => {
    const { issues } = await recognized(PAID, [{ message: 'received "planted"', ...issue }])
    expect(issues).toEqual([{ path, expected }])
  })

  it('are 20 at most, each with 200 characters of its path, because the sender chooses them', async () => {
    const long = { message: 'x', path: ['x'.repeat(300)] }
    const { issues = [] } = await recognized(PAID, Array(21).fill(long))
    expect(issues).toHaveLength(20)
    expect(issues[0]?.path).toBe('x'.repeat(200))
    expect((await recognized(PAID, Array(20).fill(long))).issues).toHaveLength(20)
  })

  it('that are none are issues all the same, as the contract of schemas says', async () => {
    expect((await recognized(PAID, [])).event).toMatchObject({ type: 'unknown', name: 'paid', issues: [] })
  })
})
