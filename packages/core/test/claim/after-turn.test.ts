import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import { type Starting, startAfterTurn } from '../../src/claim/after-turn.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Things to be started, and the names of those that were. */
function things(...names: readonly string[]) {
  const started: string[] = []
  const all = names.map((name): Starting => ({ of: { start: () => started.push(name) } }))
  return { started, all }
}

it('starts what came in a turn behind all that need not wait, in its order', async () => {
  const { started, all } = things('a', 'b')
  for (const each of all) startAfterTurn(each)
  await Promise.resolve()
  await new Promise<void>((resolve) => process.nextTick(resolve))
  expect(started).toEqual([])
  await nextTurn()
  expect(started).toEqual(['a', 'b'])
  const later = things('c')
  for (const each of later.all) startAfterTurn(each)
  await nextTurn()
  expect([started, later.started]).toEqual([['a', 'b'], ['c']])
})

it('starts nothing that has come to its end in the turn', async () => {
  const { started, all } = things('a', 'b')
  for (const each of all) startAfterTurn(each)
  all[0]!.of = undefined
  await nextTurn()
  expect(started).toEqual(['b'])
})

it('shares no call on Cloudflare Workers, where a timer belongs to the request in which it was set', async () => {
  const shared = vi.fn()
  vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
  vi.stubGlobal('setImmediate', shared)
  // Another instance, which is loaded there.
  const path = '../../src/claim/after-turn.js?workers'
  const there = (await import(path)) as typeof import('../../src/claim/after-turn.js')
  const { started, all } = things('a', 'b')
  for (const each of all) there.startAfterTurn(each)
  await new Promise<void>((resolve) => process.nextTick(resolve))
  expect(started).toEqual(['a', 'b'])
  expect(shared).not.toHaveBeenCalled()
})
