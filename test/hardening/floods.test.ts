import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { memoryStore } from '@mailbox-hooks/core'
import { describe, expect, it, vi } from 'vitest'
import { KEY, PROOFS, target } from './attack.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes outside of the heap are counted until the turn after their collection. */
async function memoryBytes(): Promise<number> {
  collectGarbage()
  await nextTurn()
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** A store that says what is asked of it. */
function watchedStore() {
  const store = memoryStore()
  return { store, claim: vi.spyOn(store, 'claim'), position: vi.spyOn(store, 'position') }
}

describe('a flood', () => {
  it('of 20,000 forged deliveries of 16 kB leaves nothing in memory, and does not reach the store', async () => {
    const { store, claim, position } = watchedStore()
    let refused = 0
    const { receive } = target({ store, ordering: true, onOutcome: () => refused++ })
    const flood = async (count: number) => {
      for (let index = 0; index < count; index++) {
        const body = `{"event":"message.received","event_id":"${index}","x":"${'x'.repeat(16_000)}"}`
        const headers = { ...PROOFS.openmail!('{}'), 'x-forged': KEY }
        expect((await receive({ headers, body })).answer?.status).toBe(401)
      }
    }
    await flood(500)
    const before = await memoryBytes()
    await flood(20_000)
    expect((await memoryBytes()) - before).toBeLessThan(5_000_000)
    expect(refused).toBe(20_500)
    expect(claim).not.toHaveBeenCalled()
    expect(position).not.toHaveBeenCalled()
  })

  it('of 20,000 copies of one delivery runs its handler once and leaves one key', async () => {
    const { receive, outcomes } = target()
    const body = '{"event":"of.no.known.type","event_id":"evt_1"}'
    const attack = { headers: PROOFS.openmail!(body), body }
    const first = await receive(attack)
    if (first.answer === undefined) await first.settle(200)
    const before = await memoryBytes()
    for (let index = 0; index < 20_000; index++) {
      await receive(attack)
      outcomes.length = 0
    }
    expect((await memoryBytes()) - before).toBeLessThan(5_000_000)
    expect((await receive(attack)).answer?.body).toBe('{"received":true,"duplicate":true}')
  })

  it('of invented deliveries, by who has seen a static token, is bounded by the size of the store', async () => {
    const maxKeys = 1_000
    const { receive, outcomes } = target({ store: memoryStore({ maxKeys }) })
    const flood = async (count: number, name: string) => {
      for (let index = 0; index < count; index++) {
        const uid = `${name}${index}${'u'.repeat(100_000)}`
        const body = JSON.stringify({ event: 'mailbox.of_no_known_type', timestamp: 't', data: { mailbox: { uid } } })
        const reception = await receive({ headers: PROOFS.inboxkit!(body), body })
        if (reception.answer === undefined) await reception.settle(200)
        outcomes.length = 0
      }
    }
    await flood(10, 'before')
    const before = await memoryBytes()
    await flood(2 * maxKeys, 'flood')
    // Kept as they come, a thousand ids of 100 kB take 100 MB.
    expect((await memoryBytes()) - before).toBeLessThan(10_000_000)
  })
})
