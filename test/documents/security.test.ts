import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REPOSITORY, readDocument } from './code-blocks.js'
import { faultsOfTests, sentencesOf } from './sentences.js'

const page = readDocument('SECURITY.md')
const read = (path: string) =>
  existsSync(join(REPOSITORY, path)) ? readFileSync(join(REPOSITORY, path), 'utf8') : undefined

describe('SECURITY.md', () => {
  it('names a test for each of its sentences, or says why there is none', () => {
    const sentences = sentencesOf(page)
    expect(sentences.length).toBeGreaterThan(100)
    expect(sentences.filter(({ comments }) => comments.length === 0).map(({ text }) => text)).toEqual([])
  })

  it('names tests that are there', () => {
    expect(faultsOfTests(page, read)).toEqual([])
  })

  it('says of few sentences that there is no test', () => {
    expect(page.match(/<!-- no test: /g)!.length).toBeLessThan(sentencesOf(page).length / 3)
  })
})

describe('the check', () => {
  const NAMED = '<!-- test: a.test.ts › does it -->'

  it.each([
    ['at the end of a paragraph', `It is so. ${NAMED} It is otherwise.`, ['It is otherwise.']],
    ['before another', `It is otherwise. It is so. ${NAMED}`, ['It is otherwise.']],
    ['in a list', `- It is so. ${NAMED}\n- It is otherwise.\n`, ['It is otherwise.']],
    ['in a list in a list', `- It is so: ${NAMED}\n  - it is otherwise;\n  - it is. ${NAMED}`, ['it is otherwise;']],
    ['in a list with numbers', `1. It is otherwise\n2. It is so ${NAMED}`, ['It is otherwise']],
    ['behind a bold title', `**Title.** It is otherwise.\n`, ['It is otherwise.']],
    ['in bold', `**It is otherwise.** It is so. ${NAMED}`, ['It is otherwise.']],
    ['in a quotation', '> It is otherwise.', ['It is otherwise.']],
    ['in a table', '| it is otherwise |\n| --- |', ['it is otherwise']],
    ['in parentheses', `It is so (${'really'}). ${NAMED} (It is otherwise.)`, ['(It is otherwise.)']],
    ['that asks', `Is it so? ${NAMED} Is it otherwise?`, ['Is it otherwise?']],
    ['that begins with code', `It is so. ${NAMED}\n\`code\` is otherwise.`, ['`code` is otherwise.']],
    ['after a sentence with an end in code', `\`a. B\` is so. ${NAMED}`, []],
    ['behind a comment of another kind', `It is otherwise. <!-- cspell:ignore x -->`, ['It is otherwise.']],
  ])('finds a sentence without a test %s', (_, text, found) => {
    const without = sentencesOf(text).filter(({ comments }) => comments.length === 0)
    expect(without.map(({ text }) => text)).toEqual(found)
  })

  it.each([
    ['of a file that is not there', '<!-- test: b.test.ts › does it -->'],
    ['with a title that is not there', '<!-- test: a.test.ts › does something else -->'],
    ['with a text that is no title', '<!-- test: a.test.ts › expect(1) -->'],
    ['without a title', '<!-- test: a.test.ts -->'],
    ['with a title of a word', '<!-- test: a.test.ts › it -->'],
    ['without a reason', '<!-- no test: -->'],
  ])('finds a comment %s', (_, comment) => {
    const files = { 'a.test.ts': "it('does it, in a title', () => {\n  expect(1).toBe(1)\n})" } as Record<
      string,
      string
    >
    expect(faultsOfTests(`It is so. ${comment}`, (path) => files[path])).toHaveLength(1)
    expect(faultsOfTests(`It is so. ${NAMED}`, (path) => files[path])).toEqual([])
  })
})
