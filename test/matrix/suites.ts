import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execute, install, REPOSITORY, readJson, versionOf } from './install.js'
import { NODE_MAJORS, NODES, nodeIn } from './runtimes.js'
import type { Cell, Table } from './table.js'

/** Each of the eight runs ends after this time at the latest. */
const LIMIT_MS = 300_000

const ENDS = ['lowest', 'newest'] as const

interface Major {
  /** As the titles of its tests begin. */
  readonly title: string
  /** The name by which the tests import it: `koa2`, and `koa` for the newest. */
  readonly imported: string
  readonly specs: Readonly<Record<(typeof ENDS)[number], string>>
}

interface Test {
  readonly file: string
  readonly fullName: string
  readonly status: string
}

/** Runs the tests of all adapters on the lowest and the newest version of each framework major, on each line of Node. */
export async function tableOfSuites(folder: string): Promise<Table> {
  const majors = ['express', 'koa', 'fastify'].flatMap(majorsOf)
  const specs = majors.flatMap(({ specs }) => Object.values(specs))
  install(folder, [...NODES, ...specs.map((spec) => `${aliasOf(spec)}@npm:${spec}`)])

  const columns = NODE_MAJORS.map((major) => {
    const node = nodeIn(folder, major)
    const title = `Node ${execute(node, ['-p', 'process.versions.node']).trim()}`
    return { title, runs: ENDS.map((end) => runTests(node, frameworksOf(majors, end, folder), folder)) }
  })
  const rowOf = (title: string, index: number, belongs: (test: Test) => boolean) => ({
    title,
    cells: columns.map(({ runs }) => count(runs[index]!, belongs)),
  })
  const rows = majors.flatMap(({ title, specs }) =>
    ENDS.map((end, index) =>
      rowOf(`${specs[end].split('@')[0]} ${versionOf(folder, aliasOf(specs[end]))}`, index, ({ fullName }) =>
        fullName.includes(title),
      ),
    ),
  )
  // It has no framework, and so no range.
  const fetchRow = rowOf('fetch', 0, ({ file }) => file.includes('packages/fetch/'))
  return { columns: columns.map(({ title }) => title), rows: [...rows, fetchRow] }
}

/** Returns the majors in the peer range of an adapter. */
function majorsOf(name: string): Major[] {
  const { peerDependencies } = readJson(join(REPOSITORY, 'packages', name, 'package.json'))
  const [, lowest, first, end] = /^>=((\d+)\.\d+\.\d+) <(\d+)$/.exec(peerDependencies[name])!
  return Array.from({ length: Number(end) - Number(first) }, (_, index) => {
    const major = Number(first) + index
    return {
      title: `${name} ${major}`,
      imported: major === Number(end) - 1 ? name : `${name}${major}`,
      specs: { lowest: `${name}@${index === 0 ? lowest : `${major}.0.0`}`, newest: `${name}@${major}` },
    }
  })
}

const aliasOf = (spec: string) => spec.replaceAll(/[@.]/g, '-')

/** Returns the folder of each framework, by the name under which tests import it. */
const frameworksOf = (majors: readonly Major[], end: (typeof ENDS)[number], folder: string) =>
  Object.fromEntries(majors.map(({ imported, specs }) => [imported, join(folder, 'node_modules', aliasOf(specs[end]))]))

/** Runs the tests of the adapters. */
function runTests(node: string, frameworks: object, folder: string): Test[] {
  const report = join(folder, 'report.json')
  rmSync(report, { force: true })
  const vitest = join(REPOSITORY, 'node_modules/vitest/vitest.mjs')
  const args = ['run', '--config', 'test/matrix/vitest.config.ts', '--reporter=json', `--outputFile=${report}`]
  const directories = ['express', 'koa', 'fastify', 'fetch'].map((name) => `packages/${name}/test`)
  spawnSync(node, [vitest, ...args, ...directories], {
    cwd: REPOSITORY,
    env: { ...process.env, MATRIX_FRAMEWORKS: JSON.stringify(frameworks) },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: LIMIT_MS,
  })
  if (!existsSync(report)) throw new Error(`${node}: the tests of the adapters did not end within ${LIMIT_MS / 1000} s`)
  const { testResults } = readJson(report) as {
    testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[]
  }
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ file: name, fullName, status })),
  )
}

/** Counts the tests that ran. Suites skip what an adapter is declared not to do. */
function count(tests: readonly Test[], belongs: (test: Test) => boolean): Cell {
  const own = tests.filter((test) => test.status !== 'skipped' && belongs(test))
  return { passed: own.filter(({ status }) => status === 'passed').length, total: own.length }
}
