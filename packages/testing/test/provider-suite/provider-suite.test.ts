import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { ACME } from './acme.js'
import { BROKEN } from './broken-providers.js'

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** A test as vitest reports it. */
interface Result {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
}

/** Checks of behaviour that the core has with any provider. They show that it has it with this one, too. */
const OF_THE_CORE = [
  'refuses a signed body that is not UTF-8',
  "delivers a order.paid that does not match as unknown with invalid: 'deliver'",
]

/** Proves the suite: it must not pass whatever it is given. */
describe('providerSuite', () => {
  let results: readonly Result[] = []

  beforeAll(() => {
    const vitest = pathOf('../../node_modules/.bin/vitest')
    const args = ['run', '--config', pathOf('vitest.config.ts'), '--reporter=json']
    const { stdout } = spawnSync(vitest, args, { cwd: pathOf('.'), encoding: 'utf8', maxBuffer: 100_000_000 })
    results = JSON.parse(stdout).testResults.flatMap((file: { assertionResults: Result[] }) => file.assertionResults)
  }, 60_000)

  const failedOf = (name: string) =>
    results
      .filter(({ ancestorTitles: [heading], status }) => heading?.startsWith(`${name}: `) && status === 'failed')
      .map(({ title }) => title)

  it('finds nothing in a provider that is as it should be', () => {
    expect(results.filter(({ ancestorTitles: [heading] }) => heading?.startsWith('acme: ')).length).toBeGreaterThan(50)
    expect(failedOf(ACME.name)).toEqual([])
  })

  it.each(Object.entries(BROKEN))('finds a provider that %s', (name, { foundBy }) => {
    expect(failedOf(name)).toContain(foundBy)
  })

  it('has no check that finds none of these providers', () => {
    const finding = new Set(Object.keys(BROKEN).flatMap(failedOf))
    const checks = results.filter(
      ({ ancestorTitles: [heading], status }) => heading?.startsWith('acme: ') && status === 'passed',
    )
    expect(checks.map(({ title }) => title).filter((title) => !finding.has(title))).toEqual(OF_THE_CORE)
  })
})
