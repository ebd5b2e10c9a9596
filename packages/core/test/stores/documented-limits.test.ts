import { memoryStore } from '@mailbox-hooks/core'
import { sqliteStore } from '@mailbox-hooks/core/sql'
import Libsql from 'libsql'
import { describe, expect, it, vi } from 'vitest'
import { DAY_MS, document, numberIn } from '../documented.js'

const STORES = document('docs/stores.md')
const ABOUT = { provider: 'openmail', type: 'message.received' }

describe('what docs/stores.md says', () => {
  it('is how many events a memory store keeps', async () => {
    const [, documented] = STORES.match(/`memoryStore\(\{ maxKeys \}\)`.*by default ([\d,]+)/)!
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const store = memoryStore()
    const handle = async (key: string) => {
      const claim = await store.claim(key, 15_000, ABOUT)
      if (claim.status === 'claimed') await store.complete(key, claim.token, DAY_MS)
    }
    for (let count = 1; count <= numberIn(documented!); count++) await handle(`openmail:${count}`)
    expect(warn).not.toHaveBeenCalled()
    await handle('openmail:one too many')
    expect(warn).toHaveBeenCalledOnce()
    warn.mockRestore()
  })

  it('is how many rows one purge() deletes at the most', async () => {
    const [, documented] = STORES.match(/`limit` rows \(([\d,]+)\)/)!
    const database = new Libsql(':memory:')
    const store = sqliteStore(database)
    await store.migrate()
    const handle = async (_: unknown, index: number) => {
      const claim = await store.claim(`openmail:${index}`, 15_000, ABOUT)
      // Over before the next statement begins.
      if (claim.status === 'claimed') await store.complete(`openmail:${index}`, claim.token, 0.001)
    }
    await Promise.all(Array.from({ length: numberIn(documented!) + 1 }, handle))
    expect(await store.purge()).toBe(numberIn(documented!))
    expect(await store.purge()).toBe(1)
    database.close()
  })
})
