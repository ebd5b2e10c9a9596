import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REPOSITORY, readDocument } from './code-blocks.js'

const source = readFileSync(join(REPOSITORY, 'packages/core/src/errors.ts'), 'utf8')
const codes = [...source.match(/type ErrorCode =([\s\S]*?)\n\n/)![1]!.matchAll(/'(\w+)'/g)].map(([, code]) => code!)
const statuses = [...source.matchAll(/new WebhookError\(\s*'(\w+)',\s*(\d+)/g)].map(([, code, status]) => ({
  code,
  status,
}))

const [, ...sections] = readDocument('docs/errors.md').split(/^## /m)
const titles = sections.map((section) => section.match(/^`(\w+)`\n/)?.[1])

describe('docs/errors.md', () => {
  it('has a heading for every code, in the order of the code, and no other', () => {
    expect(titles).toEqual(codes)
  })

  it('says of each when it happens, why, and what to do', () => {
    for (const section of sections) {
      expect(section).toMatch(/\n\*\*When\.\*\* [\s\S]+\n\*\*Why\.\*\* [\s\S]+\n\*\*What to do\.\*\* /)
    }
  })

  it('gives the status that is answered', () => {
    expect(statuses.length).toBeGreaterThan(0)
    for (const { code, status } of statuses) {
      expect(sections[codes.indexOf(code!)], code).toMatch(new RegExp(`^\`${code}\`\n\n${status}\\b`))
    }
  })
})
