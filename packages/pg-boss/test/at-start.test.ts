import { createReceiver, memoryStore, openMail } from '@mailbox-hooks/core'
import { pgBossHandOff, pgBossProcessor } from '@mailbox-hooks/pg-boss'
import { expect, it } from 'vitest'

const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }
const boss = { send: async () => null, getJobById: async () => null }
const pool = { connect: () => Promise.reject(new Error('not asked')) }
const providers = [openMail({ secrets: ['key'] })] as const

it.each<[string, () => unknown, RegExp]>([
  ['no pg-boss', () => pgBossHandOff(undefined as never, 'q', sealing), /pgBossHandOff: pass the instance of pg-boss/],
  ['no queue', () => pgBossHandOff(boss, '', sealing), /pass the name of the queue/],
  ['no options', () => pgBossHandOff(boss, 'q', undefined as never), /pgBossHandOff: .*sealingKeys/],
  ['a pool that is none', () => pgBossHandOff(boss, 'q', { ...sealing, pool: {} as never }), /must be a pool of pg/],
  [
    'a misspelt option',
    () => pgBossHandOff(boss, 'q', { ...sealing, pol: pool } as never),
    /pgBossHandOff: there is no option pol; do you mean pool\?/,
  ],
  [
    'a misspelt option of the worker',
    () => pgBossProcessor({}, { ...sealing, bos: boss } as never),
    /pgBossProcessor: there is no option bos; do you mean boss\?/,
  ],
  [
    'a worker whose handlers were forgotten',
    () => pgBossProcessor(sealing as never, undefined as never),
    /pgBossProcessor: pass the handlers first/,
  ],
  [
    'a pool, with a store that cannot join a transaction',
    () => createReceiver({ providers, store: memoryStore(), handOff: pgBossHandOff(boss, 'q', { ...sealing, pool }) }),
    /handOff needs a store that can join its transaction, e\.g\. postgresStore/,
  ],
])('%s is refused', (_what, create, message) => {
  expect(create).toThrow(TypeError)
  expect(create).toThrow(message)
})

it('without a pool, any store will do', () => {
  expect(createReceiver({ providers, store: memoryStore(), handOff: pgBossHandOff(boss, 'q', sealing) })).toBeDefined()
})
