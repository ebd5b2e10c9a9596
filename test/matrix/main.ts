// Prints how the packages do in each host on each runtime, and writes it into docs/compatibility.md if nothing has failed.
//
//   npm run matrix              everything
//   npm run matrix -- hosts     an outside driver against each framework and platform, with packed packages
//   npm run matrix -- suites    the tests of the adapters, on the lowest and the newest version of each framework major
import { tableOfHosts } from './hosts.js'
import { makeFolder } from './install.js'
import { tableOfSuites } from './suites.js'
import { allPassed, print, type Table, writeInto } from './table.js'

const TABLES: Readonly<Record<string, (folder: string) => Promise<Table>>> = {
  hosts: tableOfHosts,
  suites: tableOfSuites,
}

const [only = ''] = process.argv.slice(2)
if (only !== '' && TABLES[only] === undefined) throw new Error(`Unknown table ${only}: hosts and suites are known`)

for (const [name, tableOf] of Object.entries(TABLES)) {
  if (only !== '' && only !== name) continue
  const table = await tableOf(makeFolder(`matrix-${name}`))
  console.log(`\n${print(table)}`)
  if (allPassed(table)) writeInto(name, table)
  else process.exitCode = 1
}
