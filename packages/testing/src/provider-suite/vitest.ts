import { describe, expect, it } from 'vitest'
import type { Define, TestRunner } from '../test-runner.js'
import { defineProviderSuite } from './provider-suite.js'
import type { ProviderUnderTest } from './provider-under-test.js'

/** vitest can require that each test calls `expect`, and does not count the assertions of node:assert. */
const counting =
  (define: typeof it | typeof it.skip): Define =>
  (title, body) =>
    define(title, async () => {
      await body()
      expect(title).toBe(title)
    })

const RUNNER: TestRunner = {
  describe: Object.assign((title: string, body: () => void) => describe(title, body), {
    skip: (title: string, body: () => void) => describe.skip(title, body),
  }),
  it: Object.assign(counting(it), { skip: counting(it.skip) }),
}

/** Tests a provider in vitest. The main entry has the same suite for every test runner. */
export function providerSuite(underTest: ProviderUnderTest): void {
  defineProviderSuite(underTest, RUNNER)
}
