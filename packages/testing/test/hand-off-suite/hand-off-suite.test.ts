import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { BROKEN } from './broken-hand-offs.js'

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** A test as vitest reports it. */
interface Result {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
}

/** Proves the suite: each of its checks must find something. */
describe('handOffSuite', () => {
  let results: readonly Result[] = []

  beforeAll(() => {
    const vitest = pathOf('../../node_modules/.bin/vitest')
    const args = ['run', '--config', pathOf('vitest.config.ts'), '--reporter=json']
    const { stdout } = spawnSync(vitest, args, { cwd: pathOf('.'), encoding: 'utf8', maxBuffer: 200_000_000 })
    results = JSON.parse(stdout).testResults.flatMap((file: { assertionResults: Result[] }) => file.assertionResults)
  }, 120_000)

  const of = (name: string) => results.filter(({ ancestorTitles }) => ancestorTitles[0] === name)
  const failedOf = (name: string) =>
    of(name)
      .filter(({ status }) => status === 'failed')
      .map(({ title }) => title)

  it('finds nothing in a queue that keeps the contract', () => {
    expect(of('reference')).toHaveLength(6)
    expect(failedOf('reference')).toEqual([])
  })

  it.each(Object.entries(BROKEN))('finds a queue that %s, by one check alone', (name, { foundBy }) => {
    expect(failedOf(name)).toEqual([foundBy])
  })

  it('has no check that finds none of these queues', () => {
    const finding = new Set(Object.keys(BROKEN).flatMap(failedOf))
    const checks = of('reference').map(({ title }) => title)
    expect(checks.filter((title) => !finding.has(title))).toEqual([])
  })
})
