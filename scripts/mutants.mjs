// npm run mutants -- core/src/signature   mutates one folder of packages, with the tests that vouch for it (minutes)
// npm run mutants -- --all                mutates each folder that has a threshold, one after another (hours)
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { MUTANT_TESTS } from './mutants.tests.mjs'

const [asked] = process.argv.slice(2)
const folders = asked === '--all' ? Object.keys(MUTANT_TESTS) : [asked?.replace(/^packages\/|\/$/g, '')]
const known = Object.keys(MUTANT_TESTS)
if (folders.some((folder) => !known.some((name) => folder === name || folder?.startsWith(`${name}/`)))) {
  console.error(`Name a folder, one of these or one below it, or --all:\n  ${known.join('\n  ')}`)
  process.exit(2)
}

function reportOf(folder) {
  return `.stryker/${folder.replaceAll('/', '-')}-report.json`
}

const failed = folders.filter((folder) => !mutate(folder))
if (failed.length > 0) console.error(`\nToo few mistakes were noticed in: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0

/** Whether enough of the mistakes planted in a folder were noticed. */
function mutate(folder) {
  rmSync(reportOf(folder), { force: true })
  const { status, signal } = spawnSync('stryker', ['run', 'scripts/mutants.config.mjs'], {
    stdio: 'inherit',
    env: { ...process.env, MUTANTS: folder, ...(asked === '--all' ? { MUTANTS_STATIC: '1' } : {}) },
  })
  if (signal !== null)
    throw new Error(`stopped by ${signal}: git diff packages shows mistakes that were left in the sources`)
  // 1 is a score below the threshold, which has a report; other ends have none.
  if (!existsSync(reportOf(folder))) throw new Error(`Stryker ended with ${status} before its report`)
  report(folder)
  return status === 0
}

/** Writes the mistakes that nobody noticed as one line each, which is what one reads while killing them. */
function report(folder) {
  const name = folder.replaceAll('/', '-')
  const { files } = JSON.parse(readFileSync(reportOf(folder), 'utf8'))
  const lines = Object.entries(files).flatMap(([path, { source, mutants }]) => {
    const rows = source.split('\n')
    return mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ status, location: { start }, replacement = '', mutatorName }) => {
        const line = rows[start.line - 1].trim()
        return `${path}:${start.line}:${start.column} ${status} ${mutatorName}\n    ${line}\n    -> ${replacement.replaceAll(/\s+/g, ' ')}`
      })
  })
  writeFileSync(`.stryker/${name}-survivors.txt`, `${lines.join('\n')}\n`)
  const all = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status))
  const noticed = all.filter((status) => status === 'Killed' || status === 'Timeout').length
  const counted = noticed + lines.length
  console.log(`\n${folder}: ${noticed} of ${counted} noticed (${((100 * noticed) / counted).toFixed(1)} %)`)
  if (lines.length > 0) console.log(`The others: .stryker/${name}-survivors.txt`)
}
