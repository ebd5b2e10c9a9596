import * as node from 'node:test'

export type Define = (title: string, body: () => void | Promise<void>) => unknown

/** What every test runner offers under the same names. */
export interface TestRunner {
  readonly describe: Define & { readonly skip: Define }
  readonly it: Define & { readonly skip: Define }
}

/** Returns the functions of the runner that runs this file: globals, as jest and mocha have them, or those of node:test. */
export function testRunner(): TestRunner {
  const { describe, it } = globalThis as Partial<TestRunner>
  return describe !== undefined && it !== undefined ? { describe, it } : node
}
