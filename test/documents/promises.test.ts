import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from './code-blocks.js'

const lines = readFileSync(join(REPOSITORY, 'test/promises.md'), 'utf8').split('\n')
const read = (file: string) =>
  existsSync(join(REPOSITORY, file)) ? readFileSync(join(REPOSITORY, file), 'utf8').replaceAll("\\'", "'") : undefined

/** The lines below each promise: a test, or why there is none. */
const shownBy = lines.flatMap((line) => (line.startsWith('  - ') ? [line.slice('  - '.length)] : []))

/** Says what is wrong with a line below a promise. Undefined if its test is there. */
function faultOf(line: string): string | undefined {
  if (/^\*\*no test\*\*: \S/.test(line)) return undefined
  const [, file, title] = /^`([^`]+)` › (\S.*)$/.exec(line) ?? []
  if (file === undefined || title === undefined) return `neither a test nor a reason: ${line}`
  return read(file)?.includes(title.replaceAll("\\'", "'")) ? undefined : `no such test: ${line}`
}

describe('test/promises.md', () => {
  it('names tests that are there', () => {
    expect(shownBy.length).toBeGreaterThan(400)
    expect(shownBy.flatMap((line) => faultOf(line) ?? [])).toEqual([])
  })

  it('names a test for each promise, or says why there is none', () => {
    const bare = lines.filter((line, at) => line.startsWith('- ') && !lines[at + 1]?.startsWith('  - '))
    expect(bare).toEqual([])
  })

  it.each([
    ['of a file that is not there', '`test/nowhere.test.ts` › does it'],
    ['of a title that is not there', '`test/readme.test.ts` › does what nobody wrote'],
    ['without a title', '`test/documents/promises.test.ts` › '],
    ['without a reason', '**no test**: '],
  ])('would not keep a line %s', (_what, line) => {
    expect(faultOf(line)).toBeDefined()
  })
})
