import { describe, expect, it } from 'vitest'
import { readDocument } from './code-blocks.js'

interface Goal {
  readonly name: string
  readonly measured: string
  readonly wanted: string
  readonly holds: boolean
}

const results: Record<string, { goals: Goal[] }> = JSON.parse(readDocument('bench/results.json'))
const goals = Object.values(results).flatMap((part) => part.goals)

describe('the document about performance', () => {
  it.each(goals)('says what was measured of: $name', ({ name, measured, wanted, holds }) => {
    const row = `| ${name} | ${measured} | ${wanted} | ${holds ? 'holds' : 'not reached'} |`
    expect(readDocument('docs/performance.md')).toContain(row)
  })
})
