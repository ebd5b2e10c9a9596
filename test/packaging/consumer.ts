import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { run } from './run.js'

const TOOLS = ['jest@30', '@swc/core@1', '@swc/jest@0.2', 'ts-node@10', 'typescript@5.9', '@types/node@20']

/** They are large, and so are their dependencies. */
const BUNDLERS = [
  ...['webpack@5', 'rollup@4', '@rollup/plugin-node-resolve@16', '@rollup/plugin-commonjs@29'],
  '@vercel/ncc@0.45',
]

export const withBundlers = process.env.LONG_TESTS !== undefined

/** Returns the tarballs of these packages. */
export const tarballsOf = (...names: string[]): string[] =>
  names.map((name) => inject('packed').find(({ manifest }) => manifest.name === name)!.tarball)

/**
 * Returns the folder of a project that has the packages, and tools that load, compile or bundle them. It has no vitest.
 * It is installed once for all checks.
 */
export function openConsumer(): string {
  const folder = join(inject('workshop'), 'consumer')
  if (existsSync(folder)) return folder
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  const packages = tarballsOf('@mailbox-hooks/core', '@mailbox-hooks/fetch', '@mailbox-hooks/testing')
  const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  run('npm', ['install', ...quietly, ...packages, ...TOOLS, ...(withBundlers ? BUNDLERS : [])], folder)
  return folder
}
