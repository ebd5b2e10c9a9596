import { type AnyEvent, dispatch, type KnownEvent } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { wasLeftToNobody } from '../../src/event/dispatch.js'

const known = (type: KnownEvent['type']): { event: AnyEvent } => ({
  event: { type, id: '1', known: true, payload: {} },
})
const unknown = (name: string): { event: AnyEvent } => ({ event: { type: 'unknown', name, known: false, payload: {} } })

describe('dispatch', () => {
  const handlers = { 'mailbox.created': () => 'created', otherwise: () => 'other' }

  it("calls the function of the event's type and returns what it returns", () => {
    expect(dispatch(known('mailbox.created'), handlers)).toBe('created')
  })

  it.each([known('mailbox.updated'), unknown('mailbox.created'), known('constructor'), known('toString')])(
    'calls otherwise for %o',
    (delivery) => {
      expect(dispatch(delivery, handlers)).toBe('other')
    },
  )

  it('does nothing where neither is given', () => {
    expect(dispatch(known('mailbox.updated'), {})).toBeUndefined()
  })

  it('hands on what the function throws', async () => {
    const fail = async () => {
      throw new Error('planted')
    }
    await expect(dispatch(known('a'), { otherwise: fail })).rejects.toThrow('planted')
  })
})

// The outcome then says so: an event that nobody handles is marked as handled.
describe('an event was left to nobody', () => {
  const delivery = () => known('mailbox.created')
  const fn = { 'mailbox.created': () => 'created' }

  it.each<[string, boolean, readonly object[]]>([
    ['if no function was found for it', true, [{}]],
    ['not if one was', false, [fn]],
    ['not if otherwise was', false, [{ otherwise: () => 1 }]],
    ['not if it was never dispatched', false, []],
    ['not if only a second map had one', false, [{}, fn]],
    ['not if only a first map had one', false, [fn, {}]],
    ['if none of two maps had one', true, [{}, {}]],
  ])('%s: %o', (_what, expected, maps) => {
    const given = delivery()
    for (const map of maps) dispatch(given, map)
    expect(wasLeftToNobody(given)).toBe(expected)
  })
})
