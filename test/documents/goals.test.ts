import { describe, expect, it } from 'vitest'
import { atLeast, atMost, goalLine } from '../../bench/measure/goal.ts'
import { spreadOf } from '../../bench/measure/statistics.ts'

const ROUNDS = [0.8, 0.9, 0.92, 0.95, 0.97, 1.01, 1.2]

describe('the line of a goal', () => {
  it('has the median and the middle half of the rounds, and holds if the end of that half reaches the goal', () => {
    const figure = { name: 'Speed', measured: spreadOf(ROUNDS), unit: ' × A' }
    expect(goalLine(atLeast(1, figure))).toBe('Speed: 0.95 [0.90–1.01] × A (>= 1 × A) holds')
    expect(goalLine(atLeast(1.1, figure))).toBe('Speed: 0.95 [0.90–1.01] × A (>= 1.10 × A) misses')
    expect(goalLine(atMost(0.9, figure))).toBe('Speed: 0.95 [0.90–1.01] × A (<= 0.90 × A) holds')
    expect(goalLine(atMost(0.89, figure))).toBe('Speed: 0.95 [0.90–1.01] × A (<= 0.89 × A) misses')
  })

  it('has no spread for what is counted once', () => {
    const figure = { name: 'Events lost', measured: 0, unit: '' }
    expect(goalLine(atMost(0, figure))).toBe('Events lost: 0 (<= 0) holds')
  })

  it('says only that it is a stretch where it is one', () => {
    const figure = { name: 'Speed', measured: spreadOf(ROUNDS), unit: '', isStretch: true }
    expect(goalLine(atLeast(2, figure))).toBe('Speed: 0.95 [0.90–1.01] (>= 2) stretch')
  })
})
