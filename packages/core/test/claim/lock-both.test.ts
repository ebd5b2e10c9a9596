import { describe, expect, it } from 'vitest'
import type { ClaimLock } from '../../src/claim/claim-lock.js'
import { lockBoth } from '../../src/claim/lock-both.js'
import type { MaybePromise } from '../../src/options/maybe-promise.js'

/** A lock whose every method answers the same, and the calls that it had. */
function lockThat(answer: () => Promise<boolean>) {
  const calls: string[] = []
  const noted = (name: string) => () => {
    calls.push(name)
    return answer()
  }
  const lock: ClaimLock = {
    complete: noted('complete'),
    completeWithin: noted('completeWithin'),
    isDone: noted('isDone'),
    release: noted('release'),
    extend: async (leaseMs) => noted(`extend ${leaseMs}`)(),
  }
  return { lock, calls }
}

const held = async () => true
const lost = async () => false
const down = () => Promise.reject(new Error('planted failure'))

/** Each action, and how the second lock follows the first. A mark within a transaction is followed once it is known. */
const ACTIONS: readonly [name: string, act: (lock: ClaimLock) => MaybePromise<boolean>, follows: readonly string[]][] =
  [
    ['complete', (lock) => lock.complete(), ['complete']],
    ['isDone', (lock) => lock.isDone(), ['complete']],
    ['release', (lock) => lock.release(), ['release']],
    ['extend', (lock) => lock.extend(7), ['extend 7']],
    ['completeWithin', (lock) => lock.completeWithin({ within: {} }), []],
  ]

describe.each(ACTIONS)('lockBoth: %s', (_name, act, follows) => {
  it.each([
    ['holds', held],
    ['was lost', lost],
    ['is down', down],
  ])('is decided by the first lock, which holds, while the second %s', async (_how, answer) => {
    const second = lockThat(answer)
    expect(await act(lockBoth(lockThat(held).lock, second.lock))).toBe(true)
    expect(second.calls).toEqual(follows)
  })

  it('leaves the second lock alone when the first was lost', async () => {
    const second = lockThat(held)
    expect(await act(lockBoth(lockThat(lost).lock, second.lock))).toBe(false)
    expect(second.calls).toEqual([])
  })

  it('fails with the first lock, and leaves the second alone', async () => {
    const second = lockThat(held)
    await expect(act(lockBoth(lockThat(down).lock, second.lock))).rejects.toThrow('planted failure')
    expect(second.calls).toEqual([])
  })
})
