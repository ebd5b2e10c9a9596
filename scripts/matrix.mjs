// Runs the tests of all adapters against the lowest and the newest version of each framework major in their peer
// ranges, on each line of Node they serve, and prints a table of how many passed. Bounded in time: the installation and
// each of the eight runs end after five minutes at the latest.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LIMIT_MS = 300_000
const NODE_MAJORS = [20, 22, 24, 26]
const ENDS = ['lowest', 'newest']

const folder = mkdtempSync(join(tmpdir(), 'mailbox-hooks-matrix-'))
process.once('exit', () => rmSync(folder, { recursive: true }))

const majors = ['express', 'koa', 'fastify'].flatMap(majorsOf)
const nodes = NODE_MAJORS.map((major) => `node-${process.platform}-${process.arch}@${major}`)
install([...nodes, ...majors.flatMap(({ specs }) => Object.values(specs))])

const columns = NODE_MAJORS.map((major) => {
  const node = join(installed(nodes[NODE_MAJORS.indexOf(major)]), 'bin/node')
  return {
    title: `Node ${execute(node, ['-p', 'process.versions.node']).trim()}`,
    runs: ENDS.map((end) => runTests(node, end)),
  }
})

const rows = [
  ...majors.flatMap(({ title, specs }) =>
    ENDS.map((end, index) => ({
      title: `${specs[end].split('@')[0]} ${versionOf(specs[end])}`,
      cells: columns.map(({ runs }) => count(runs[index], (test) => test.fullName.includes(title))),
    })),
  ),
  // It has no framework, and so no range.
  { title: 'fetch', cells: columns.map(({ runs }) => count(runs[0], (test) => test.file.includes('packages/fetch/'))) },
]

const line = (cells) => `| ${cells.join(' | ')} |`
console.log(line(['', ...columns.map(({ title }) => title)]))
console.log(line(['---', ...columns.map(() => '---')]))
for (const { title, cells } of rows) {
  console.log(
    line([
      title,
      ...cells.map(({ passed, total }) =>
        passed === total ? `${total} passed` : `${total - passed} of ${total} FAILED`,
      ),
    ]),
  )
}
process.exitCode = rows.every(({ cells }) => cells.every(({ passed, total }) => total > 0 && passed === total)) ? 0 : 1

/** The majors of a peer range, each under the name by which the tests import it: `koa2`, and `koa` for the newest. */
function majorsOf(name) {
  const { peerDependencies } = readJson(join(ROOT, 'packages', name, 'package.json'))
  const [, lowest, first, end] = peerDependencies[name].match(/^>=((\d+)\.\d+\.\d+) <(\d+)$/)
  return Array.from({ length: end - first }, (_, index) => {
    const major = Number(first) + index
    return {
      title: `${name} ${major}`,
      imported: major === end - 1 ? name : `${name}${major}`,
      specs: { lowest: `${name}@${index === 0 ? lowest : `${major}.0.0`}`, newest: `${name}@${major}` },
    }
  })
}

/** Installs packages side by side, each version under a name of its own. No Node among them gets into a PATH. */
function install(specs) {
  const aliases = specs.map((spec) => `${aliasOf(spec)}@npm:${spec}`)
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error']
  execute('npm', ['install', '--prefix', folder, '--no-bin-links', '--ignore-scripts', ...quietly, ...aliases])
}

/** Runs the tests of the adapters and returns each test with its file. */
function runTests(node, end) {
  const frameworks = Object.fromEntries(majors.map(({ imported, specs }) => [imported, installed(specs[end])]))
  const report = join(folder, 'report.json')
  rmSync(report, { force: true })
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const args = ['run', '--config', 'scripts/matrix.config.mjs', '--reporter=json', `--outputFile=${report}`]
  const directories = ['express', 'koa', 'fastify', 'fetch'].map((name) => `packages/${name}/test`)
  spawnSync(node, [vitest, ...args, ...directories], {
    cwd: ROOT,
    env: { ...process.env, MATRIX_FRAMEWORKS: JSON.stringify(frameworks) },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: LIMIT_MS,
  })
  if (!existsSync(report)) throw new Error(`${node}: the tests of the adapters did not end within ${LIMIT_MS / 1000} s`)
  return readJson(report).testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ file: name, fullName, status })),
  )
}

function count(tests, belongs) {
  const own = tests.filter(belongs)
  return { passed: own.filter(({ status }) => status === 'passed').length, total: own.length }
}

function execute(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', timeout: LIMIT_MS })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${stdout}${stderr}`)
  return stdout
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function aliasOf(spec) {
  return spec.replaceAll(/[@.]/g, '-')
}

function installed(spec) {
  return join(folder, 'node_modules', aliasOf(spec))
}

function versionOf(spec) {
  return readJson(join(installed(spec), 'package.json')).version
}
