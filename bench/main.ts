import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fillIn, type MeasuredPart } from './document/fill-in.js'
import type { Curve } from './growth/curve.js'
import { type Goal, goalLine } from './measure/goal.js'
import { printTable } from './measure/table.js'
import { PARTS } from './parts.js'
import { draw } from './picture/draw.js'
import { drawGrowth } from './picture/draw-growth.js'
import type { Results } from './picture/panels.js'

/** What is made of the figures that are there, after any parts, and by its name alone. */
const REPORT = 'report'

const RESULTS_FILE = new URL('results.json', import.meta.url)
const PICTURE_FILE = new URL('../docs/performance.svg', import.meta.url)
const GROWTH_PICTURE_FILE = new URL('../docs/growth.svg', import.meta.url)
/** Each has places for some of the figures. */
const DOCUMENT_FILES = ['performance', 'performance-tables', 'growth', 'scaling'].map(
  (name) => new URL(`../docs/${name}.md`, import.meta.url),
)

/** Measures what takes a quiet hour, too. */
const LONG = '--long'

const given = process.argv.slice(2)
const isLong = given.includes(LONG)
const parts = given.filter((name) => name !== LONG)
const asked = parts.length > 0 ? parts : Object.keys(PARTS)
const names = asked.filter((name) => name !== REPORT)
for (const name of names) {
  if (PARTS[name] === undefined)
    throw new TypeError(`There is no part ${name}; there are ${[...Object.keys(PARTS), REPORT].join(', ')}`)
}

const results = await earlierResults()
const goals: Goal[] = []
for (const name of names) {
  console.log(`\n== ${name}`)
  const part = PARTS[name]!
  const result = await part.measure({ isLong })
  for (const table of part.tablesOf(result.figures)) printTable(table)
  results[name] = { ...machine(), ...result }
  goals.push(...result.goals)
}
await writeFile(RESULTS_FILE, `${JSON.stringify(results, null, 2)}\n`)
// The parts' figures are what the parts write.
await writeFile(PICTURE_FILE, draw(results as Results))
if (results.growth !== undefined) {
  await writeFile(GROWTH_PICTURE_FILE, drawGrowth(results.growth.figures as readonly Curve[]))
}
for (const file of DOCUMENT_FILES) await writeFile(file, fillIn(await readFile(file, 'utf8'), PARTS, results))

console.log('\n== Goals')
for (const goal of goals) console.log(goalLine(goal))

/** Parts that do not run keep the figures of their last run. */
async function earlierResults(): Promise<Record<string, MeasuredPart>> {
  try {
    return JSON.parse(await readFile(RESULTS_FILE, 'utf8'))
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
