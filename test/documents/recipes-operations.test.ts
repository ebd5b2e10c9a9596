import { join } from 'node:path'
import { createReceiver, type DedupStore, memoryStore, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import { describe, expect, it } from 'vitest'
import { receive } from '../../packages/core/test/request.js'
import { codeBlocks, REPOSITORY } from './code-blocks.js'
import { writeBlocks } from './compile-blocks.js'

const files = writeBlocks(codeBlocks('docs/recipes.md'), join(REPOSITORY, 'test/tmp-recipes-operations'))

/** Loads the exports of the document's block of that name. */
const load = (name: string) => import(files.find(({ path }) => path.endsWith(`/${name}.ts`))!.path)

const { movingStore } = await load('moving-store')
const { renamedNamespace } = await load('renamed-namespace')

const ABOUT = { provider: 'openmail', type: 'message.received' }
const SECRET = 'a-secret-of-16-bytes'

storeSuite({
  name: 'movingStore of docs/recipes.md',
  open: async () => {
    let inner: DedupStore = movingStore(memoryStore(), memoryStore())
    const store: DedupStore = {
      claim: (...args) => inner.claim(...args),
      complete: (...args) => inner.complete(...args),
      release: (...args) => inner.release(...args),
      extend: (...args) => inner.extend(...args),
    }
    const clear = async () => {
      inner = movingStore(memoryStore(), memoryStore())
    }
    return { store, another: async () => store, clear, close: async () => {} }
  },
  differences: {
    noOrder: { reason: 'it has no position' },
    noClock: { reason: 'its stores run in this process, and ask this process for the time' },
  },
})

describe('movingStore of docs/recipes.md', () => {
  it('knows what the old store has handled, and tells both of what it handles', async () => {
    const [from, to] = [memoryStore(), memoryStore()]
    const store = movingStore(from, to)
    const before = await from.claim('before', 60_000, ABOUT)
    if (before.status === 'claimed') await from.complete('before', before.token, 60_000)
    expect(await store.claim('before', 60_000, ABOUT)).toEqual({ status: 'done' })
    const claim = await store.claim('new', 60_000, ABOUT)
    for (const one of [from, to]) expect((await one.claim('new', 60_000, ABOUT)).status).toBe('in-flight')
    expect(await store.complete('new', claim.token, 60_000)).toBe(true)
    for (const one of [from, to]) expect(await one.claim('new', 60_000, ABOUT)).toEqual({ status: 'done' })
  })
})

it('renamedNamespace of docs/recipes.md knows the events of the namespace before', async () => {
  const store = memoryStore()
  const deliver = async (namespace: string, own: typeof store, id: string) => {
    const receiver = createReceiver({ providers: [openMail({ secrets: [SECRET] })], namespace, store: own })
    const payload = { event_id: id }
    const reception = await receive(
      receiver,
      signedDelivery('openmail', 'message.received', { secret: SECRET, payload }),
    )
    if (reception.answer !== undefined) return reception.answer.body
    await reception.settle(200)
    return 'handled'
  }
  for (const [before, after] of [
    ['', 'shop'],
    ['shop', 'shop eu'],
    ['shop', ''],
  ] as const) {
    const id = `evt_${before}_${after}`
    expect(await deliver(before, store, id)).toBe('handled')
    expect(await deliver(after, renamedNamespace(store, before, after), id)).toContain('duplicate')
    expect(await deliver(after, store, `${id}_later`)).toBe('handled')
  }
})
