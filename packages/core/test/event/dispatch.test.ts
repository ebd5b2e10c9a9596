import { type AnyEvent, dispatch, type KnownEvent } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'

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
