import { describe, expect, it } from 'vitest'
import { fillIn, type MeasuredPart } from '../../bench/document/fill-in.ts'
import { verdictOf } from '../../bench/measure/goal.ts'
import { PARTS } from '../../bench/parts.ts'
import type { ScalingFigures } from '../../bench/scaling/scaling.ts'
import { titled } from '../../packages/testing/src/titled.js'
import { readDocument } from './code-blocks.js'

const results: Record<string, MeasuredPart> = JSON.parse(readDocument('bench/results.json'))
const goals = Object.values(results).flatMap((part) => part.goals)

it.each(['docs/performance.md', 'docs/performance-tables.md', 'docs/scaling.md'])(
  'the tables of %s are of the last measurement',
  (document) => {
    const text = readDocument(document)
    expect(fillIn(text, PARTS, results)).toBe(text)
  },
)

describe('the document about performance', () => {
  it.each(titled(goals, 'name'))('says what was measured of: %s', (goal) => {
    const row = `| ${goal.name} | ${goal.measured} | ${goal.wanted} | ${verdictOf(goal, 'not reached')} |`
    expect(readDocument('docs/performance.md')).toContain(row)
  })
})

describe('the plan in docs/scaling.md', () => {
  const { steps, redis } = results.scaling!.figures as ScalingFigures
  const [, , , bullmq, pgBoss] = steps
  const RATE = 10_000
  /** As the tables have them, rounded. */
  const micros = (value: number) => Math.round(value)
  const jobMicros = micros(redis.queued.cpuMicros) + micros(redis.done.cpuMicros)
  const cores = (value: number, digits: number) =>
    `10,000 × ${micros(value)} µs = ${((micros(value) * RATE) / 1e6).toFixed(digits)}`
  const bytes = (count: string, each: string, total: number) => `${count} × ${each} = ${gigabytes(total)} GB`
  const gigabytes = (total: number) => (total / 1e9).toPrecision(2)
  const kilobytes = (each: number) => `${(each / 1000).toFixed(1)} kB`
  const doneBytes = redis.queued.bytes + redis.done.bytes

  it.each(
    titled(
      [
        { of: 'receivers', arithmetic: `${cores(bullmq!.cpuMicros.median, 1)} cores` },
        { of: 'workers', arithmetic: cores(bullmq!.work!.cpuMicrosPerJob, 2) },
        { of: 'the store', arithmetic: cores(redis.event.cpuMicros, 2) },
        { of: 'the queue', arithmetic: cores(jobMicros, 2) },
        {
          of: 'keys',
          arithmetic: bytes('36 million', `${Math.round(redis.event.bytes)} bytes`, 36e6 * redis.event.bytes),
        },
        { of: 'finished jobs', arithmetic: bytes('6 million', kilobytes(doneBytes), 6e6 * doneBytes) },
        { of: 'a backlog', arithmetic: bytes('600,000', kilobytes(redis.queued.bytes), 6e5 * redis.queued.bytes) },
        {
          of: 'half an hour of it',
          arithmetic: `${gigabytes(30 * 6e5 * redis.queued.bytes)} GB more for half an hour`,
        },
        { of: 'pg-boss', arithmetic: `${cores(pgBoss!.cpuMicros.median, 1)} cores` },
      ],
      'of',
    ),
  )('counts with the last measurement of %s', ({ arithmetic }) => {
    expect(readDocument('docs/scaling.md')).toContain(arithmetic)
  })
})
