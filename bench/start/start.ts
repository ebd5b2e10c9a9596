import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atMost } from '../measure/goal.js'
import type { Part } from '../measure/part.js'
import { rangeOf, ratioOf, type Spread, spreadOf } from '../measure/statistics.js'
import type { Table } from '../measure/table.js'
import { bundledSizes } from './bundle.js'

const ROUNDS = 15
const WANTED_TIME = 1.25

const PROGRAMS = { ours: 'receiver.mjs', floor: 'floor.mjs' } as const
type Program = keyof typeof PROGRAMS

interface StartFigures {
  /** Milliseconds from the start of a process to its end. */
  readonly processMs: Readonly<Record<Program, Spread>>
  readonly ratio: Spread
  readonly kB: Awaited<ReturnType<typeof bundledSizes>>
}

/** What a function that is started anew pays: the time until a receiver is there, and the size of what is deployed. */
export const start: Part<StartFigures> = { measure, tablesOf }

async function measure() {
  const times: Record<Program, number[]> = { ours: [], floor: [] }
  // The first run of each fills the caches of the file system.
  for (const program of names) await run(program)
  for (let round = 0; round < ROUNDS; round++) {
    for (const program of round % 2 === 0 ? names : names.toReversed()) times[program].push(await run(program))
  }
  const ratio = ratioOf(times.ours, times.floor)
  const kB = await bundledSizes()
  const goals = [
    atMost(WANTED_TIME, { name: 'Start with three providers', measured: ratio, unit: ' × express and zod' }),
    atMost(kB.wanted, { name: 'Bundle for one provider', measured: kB.ours, unit: ' kB' }),
  ]
  return { goals, figures: { processMs: { ours: spreadOf(times.ours), floor: spreadOf(times.floor) }, ratio, kB } }
}

const names = Object.keys(PROGRAMS) as Program[]

async function run(program: Program): Promise<number> {
  const file = fileURLToPath(new URL(PROGRAMS[program], import.meta.url))
  const startedAt = performance.now()
  // Without the loader of this process, which users do not have.
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
  return performance.now() - startedAt
}

function tablesOf({ processMs, ratio, kB }: StartFigures): Table[] {
  const ms = ({ median }: Spread) => `${median.toFixed(0)} ms`
  return [
    {
      title: 'A process from its start to its end',
      rows: [
        ['express and zod', 'a receiver of three providers', 'times as long', 'from to'],
        [ms(processMs.floor), ms(processMs.ours), ratio.median.toFixed(2), rangeOf(ratio)],
      ],
    },
    {
      title: 'Bundled and minified, in kB',
      rows: [['zod', 'a receiver of one provider', 'without zod'], [kB.zod, kB.ours, kB.ours - kB.zod].map(String)],
    },
  ]
}
