import { describe, expect, it } from 'vitest'
import { setField } from '../src/request/set-field.js'

describe('--set', () => {
  it.each<[string, object]>([
    ['a=1', { a: 1, b: { c: 2 } }],
    ['a=text', { a: 'text', b: { c: 2 } }],
    ['a="1"', { a: '1', b: { c: 2 } }],
    ['a=x=y', { a: 'x=y', b: { c: 2 } }],
    ['a=', { a: '', b: { c: 2 } }],
    ['b.c=3', { a: 0, b: { c: 3 } }],
    ['b.d.e=[]', { a: 0, b: { c: 2, d: { e: [] } } }],
    ['a.b=1', { a: { b: 1 }, b: { c: 2 } }],
  ])('%s sets one field of a copy', (assignment, expected) => {
    const payload = { a: 0, b: { c: 2 } }
    expect(setField(payload, assignment)).toEqual(expected)
    expect(payload).toEqual({ a: 0, b: { c: 2 } })
  })

  // An inherited field is that of every object.
  it.each(['__proto__.planted=1', 'constructor.planted=1', 'toString.planted=1'])(
    '%s sets an own field',
    (assignment) => {
      const name = assignment.split('.')[0]!
      const set = setField({}, assignment)
      expect(Object.getOwnPropertyDescriptor(set, name)?.value).toEqual({ planted: 1 })
      expect(({} as { planted?: unknown }).planted).toBeUndefined()
      expect((Object as { planted?: unknown }).planted).toBeUndefined()
    },
  )

  it.each(['a', '=1', '.a=1', 'a.=1', 'a..b=1'])('%s is no assignment', (assignment) => {
    expect(() => setField({}, assignment)).toThrow('--set needs path=value, e.g. --set data.price=3')
  })
})
