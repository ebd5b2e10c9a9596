import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { http } from './http/http.js'
import { leaks } from './leaks/leaks.js'
import { type Goal, goalLine } from './measure/goal.js'
import type { Part } from './measure/part.js'
import { memory } from './memory/memory.js'
import { scaling } from './scaling/scaling.js'
import { stores } from './stores/stores.js'
import { verify } from './verify/verify.js'

/** The parts by name, in the order in which they run. */
const PARTS: Readonly<Record<string, Part>> = { verify, http, memory, leaks, stores, scaling }

const RESULTS = new URL('results.json', import.meta.url)

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS)
for (const name of names) {
  if (PARTS[name] === undefined)
    throw new TypeError(`There is no part ${name}; there are ${Object.keys(PARTS).join(', ')}`)
}

const results = await earlierResults()
const goals: Goal[] = []
for (const name of names) {
  console.log(`\n== ${name}`)
  const result = await PARTS[name]!()
  results[name] = { ...machine(), ...result }
  goals.push(...result.goals)
}
await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`)

console.log('\n== Goals')
for (const goal of goals) console.log(goalLine(goal))

/** Parts that do not run keep the figures of their last run. */
async function earlierResults(): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(RESULTS, 'utf8'))
  } catch {
    // The first run finds none.
    return {}
  }
}

function machine() {
  return {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    date: new Date().toISOString(),
  }
}
