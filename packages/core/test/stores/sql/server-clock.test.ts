import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ServerClock } from '../../../src/stores/sql/server-clock.js'

const NOON_MS = Date.UTC(2026, 0, 1, 12)
const LEASE_MS = 15_000

describe("what a store knows of its database's clock", () => {
  let clock: ServerClock

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
    clock = new ServerClock()
  })
  afterEach(() => void vi.useRealTimers())

  it('is nothing before the first answer, and claims are not bounded', () => {
    expect(clock.deadlineMs(LEASE_MS)).toBeGreaterThan(Date.UTC(9999, 0))
    clock.learn(Number.NaN)
    expect(clock.deadlineMs(LEASE_MS)).toBeGreaterThan(Date.UTC(9999, 0))
  })

  it('bounds a claim by half of its lease, and by a second at the least', () => {
    clock.learn(NOON_MS)
    vi.advanceTimersByTime(100)
    expect(clock.deadlineMs(LEASE_MS)).toBe(NOON_MS + 100 + LEASE_MS / 2)
    expect(clock.deadlineMs(1)).toBe(NOON_MS + 100 + 1_000)
  })

  it('bounds a claim from when it was made, however long it waited since', () => {
    expect(clock.isKnown).toBe(false)
    const madeAt = performance.now()
    vi.advanceTimersByTime(3_000)
    clock.learn(NOON_MS)
    expect(clock.isKnown).toBe(true)
    expect(clock.deadlineMs(LEASE_MS, madeAt)).toBe(NOON_MS - 3_000 + LEASE_MS / 2)
  })

  it('is not spoilt by an answer that came late', () => {
    clock.learn(NOON_MS)
    vi.advanceTimersByTime(5_000)
    clock.learn(NOON_MS + 1_000)
    expect(clock.deadlineMs(LEASE_MS)).toBe(NOON_MS + 5_000 + LEASE_MS / 2)
  })

  it('follows a clock that is set, forward at once and back within a minute', () => {
    clock.learn(NOON_MS)
    clock.learn(NOON_MS + 3600_000)
    expect(clock.deadlineMs(LEASE_MS)).toBe(NOON_MS + 3600_000 + LEASE_MS / 2)
    vi.advanceTimersByTime(60_000)
    clock.learn(NOON_MS)
    expect(clock.deadlineMs(LEASE_MS)).toBe(NOON_MS + LEASE_MS / 2)
  })
})
