import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { BROKEN } from './broken-adapters.js'

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** A test as vitest reports it. */
interface Result {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
}

const escaped = (text: string) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')

/** The reference with all checks, and each broken adapter with the check that finds it. */
const CHOSEN = [
  '^reference: ',
  ...Object.entries(BROKEN).map(([name, { foundBy }]) => `^${escaped(name)}: .*${escaped(foundBy)}$`),
].join('|')

/** Proves the suite: each of its checks must find something. */
describe('adapterSuite', () => {
  let results: readonly Result[] = []

  beforeAll(() => {
    const vitest = pathOf('../../node_modules/.bin/vitest')
    const args = ['run', '--config', pathOf('vitest.config.ts'), '--reporter=json', '-t', CHOSEN]
    const { stdout } = spawnSync(vitest, args, { cwd: pathOf('.'), encoding: 'utf8', maxBuffer: 200_000_000 })
    results = JSON.parse(stdout)
      .testResults.flatMap((file: { assertionResults: Result[] }) => file.assertionResults)
      .filter(({ status }: Result) => status === 'passed' || status === 'failed')
  }, 120_000)

  const of = (name: string) => results.filter(({ ancestorTitles: [heading] }) => heading?.startsWith(`${name}: `))
  const failedOf = (name: string) =>
    of(name)
      .filter(({ status }) => status === 'failed')
      .map(({ title }) => title)

  it('finds nothing in an adapter that does as it should', () => {
    expect(of('reference').length).toBeGreaterThan(100)
    expect(failedOf('reference')).toEqual([])
  })

  it.each(Object.entries(BROKEN))('finds an adapter that %s', (name, { foundBy }) => {
    expect(failedOf(name)).toEqual([foundBy])
  })

  it('has no check that finds none of these adapters', () => {
    const finding = new Set(Object.values(BROKEN).map(({ foundBy }) => foundBy))
    const checks = of('reference').map(({ title }) => title)
    expect(checks.filter((title) => !finding.has(title))).toEqual([])
  })
})
