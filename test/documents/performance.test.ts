import { describe, expect, it } from 'vitest'
import { fillIn, type MeasuredPart } from '../../bench/document/fill-in.ts'
import { PARTS } from '../../bench/parts.ts'
import { readDocument } from './code-blocks.js'

const results: Record<string, MeasuredPart> = JSON.parse(readDocument('bench/results.json'))
const goals = Object.values(results).flatMap((part) => part.goals)

it.each(['docs/performance.md', 'docs/scaling.md'])('the tables of %s are of the last measurement', (document) => {
  const text = readDocument(document)
  expect(fillIn(text, PARTS, results)).toBe(text)
})

describe('the document about performance', () => {
  it.each(goals)('says what was measured of: $name', ({ name, measured, wanted, holds }) => {
    const row = `| ${name} | ${measured} | ${wanted} | ${holds ? 'holds' : 'not reached'} |`
    expect(readDocument('docs/performance.md')).toContain(row)
  })
})
