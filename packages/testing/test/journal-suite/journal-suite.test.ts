import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** A test as vitest reports it. */
interface Result {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
}

/** Proves the suite: each of its checks must find a broken store. */
describe('journalSuite', () => {
  let results: readonly Result[] = []

  beforeAll(() => {
    const vitest = pathOf('../../node_modules/.bin/vitest')
    const args = ['run', '--config', pathOf('vitest.config.ts'), '--reporter=json']
    const { stdout } = spawnSync(vitest, args, { cwd: pathOf('.'), encoding: 'utf8', maxBuffer: 500_000_000 })
    results = JSON.parse(stdout).testResults.flatMap((file: { assertionResults: Result[] }) => file.assertionResults)
  }, 300_000)

  const of = (name: string) => results.filter(({ ancestorTitles }) => ancestorTitles[0] === name)
  const titlesOf = (name: string, status: string) =>
    of(name)
      .filter((result) => result.status === status)
      .map(({ ancestorTitles, title }) => [...ancestorTitles.slice(name === 'broken' ? 2 : 1), title].join(' '))

  it('finds nothing in a store that keeps the contract', () => {
    expect(of('reference').length).toBeGreaterThan(200)
    expect(titlesOf('reference', 'failed')).toEqual([])
    // A check that does not run here would count below as one that has found something.
    expect(titlesOf('reference', 'skipped')).toEqual([])
  })

  it('has no check that finds none of the broken stores', () => {
    // A check is skipped once it has found one. Found by the last one, it has failed.
    const finding = [...titlesOf('broken', 'skipped'), ...titlesOf('broken', 'failed')]
    expect(finding.length).toBeGreaterThan(200)
    expect(titlesOf('broken', 'passed')).toEqual([])
  })
})
