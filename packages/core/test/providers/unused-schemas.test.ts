import { beforeEach, describe, expect, it, vi } from 'vitest'

/** The event types for which a schema was built. */
const built = vi.hoisted(() => new Set<unknown>())

vi.mock(import('zod'), async (importOriginal) => {
  const zod = await importOriginal()
  const literal = ((value: string) => {
    built.add(value)
    return zod.z.literal(value)
  }) as typeof zod.z.literal
  return { ...zod, z: { ...zod.z, literal } }
})

beforeEach(() => {
  built.clear()
  vi.resetModules()
})

const secrets = ['a-key-of-thirty-two-characters-00']

describe('schemas', () => {
  it('are not built by importing the package', async () => {
    await import('@mailbox-hooks/core')
    expect(built).toEqual(new Set())
  })

  it('are built for the providers in use, and for no other', async () => {
    const { openMail } = await import('@mailbox-hooks/core')
    const { types } = openMail({ secrets })
    expect(built).toEqual(new Set(types))
  })

  it('are built once, whatever the number of accounts', async () => {
    const { inboxKit } = await import('@mailbox-hooks/core')
    inboxKit({ secrets })
    const before = [...built]
    built.clear()
    inboxKit({ secrets, account: 'second' })
    expect(before).toContain('mailbox.status_changed')
    expect(built).toEqual(new Set())
  })
})
