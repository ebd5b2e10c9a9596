import { type Case, compare, type Timings } from '../measure/compare.js'
import { atMost, type Goal } from '../measure/goal.js'
import type { Part } from '../measure/part.js'
import { highestOf, ratioOf, type Spread, spreadOf } from '../measure/statistics.js'
import type { Table } from '../measure/table.js'
import { signatureOf } from '../signing.js'
import { type Body, bodies } from './bodies.js'
import { parseByHand, verifyByHand } from './floors.js'
import { providers, receiver, schemaStep, TIMESTAMP, verifier } from './ours.js'
import { peers } from './peers/index.js'
import { accepts, type Check } from './peers/peer.js'

const ROUNDS = 15
const SLICE_MS = 12

/** A case, and the floor it is compared with. */
interface Row {
  readonly name: string
  readonly floor: 'A' | 'B'
  readonly microseconds: Spread
  /** How many times the floor. */
  readonly ratio: Spread
}

export interface BodyFigures {
  readonly size: string
  readonly text: string
  readonly rows: readonly Row[]
  /** `receive` without the step of the schema, as times B. */
  readonly receiveWithoutSchema: Spread
}

/** The signature check and `receive`, good and forged, against the floors and against others. */
export const verify: Part<readonly BodyFigures[]> = { measure, tablesOf }

async function measure() {
  const figures: BodyFigures[] = []
  for (const body of bodies()) figures.push(await measureBody(body))
  return { goals: goalsOf(figures), figures }
}

/** One for each kind of text: what is measured by the size of the body, as times its floor. */
function tablesOf(figures: readonly BodyFigures[]): Table[] {
  return (['ASCII', 'not ASCII'] as const).map((text) => {
    const columns = figures.filter((body) => body.text === text)
    const cellOf = (body: BodyFigures, name: string) => {
      const { ratio, microseconds } = body.rows.find((row) => row.name === name)!
      return `${ratio.median.toFixed(2)} (${microseconds.median.toFixed(1)} µs)`
    }
    return {
      title: `Times the floor, ${text}`,
      rows: [
        ['', 'floor', ...columns.map(({ size }) => size)],
        ...(columns[0]?.rows ?? []).map(({ name, floor }) => [
          name,
          floor,
          ...columns.map((body) => cellOf(body, name)),
        ]),
      ],
    }
  })
}

async function measureBody(body: Body): Promise<BodyFigures> {
  const { cases, floors } = await casesOf(body)
  const timings: Timings<string> = await compare(cases, { rounds: ROUNDS, sliceMs: SLICE_MS })
  const rows = Object.entries(floors).map(([name, floor]) => ({
    name,
    floor,
    microseconds: spreadOf(timings[name]!.map((ns) => ns / 1000)),
    ratio: ratioOf(timings[name]!, timings[floor]!),
  }))
  const withoutSchema = timings.receive!.map((ns, round) => ns - timings.schema![round]!)
  return { size: body.size, text: body.text, rows, receiveWithoutSchema: ratioOf(withoutSchema, timings.B!) }
}

async function casesOf({ bytes, forged }: Body) {
  const signature = signatureOf(TIMESTAMP, bytes)
  const cases: Record<string, Case> = {
    A: () => verifyByHand(bytes, signature),
    B: () => parseByHand(bytes, signature),
    schema: schemaStep(bytes),
  }
  const floors: Record<string, 'A' | 'B'> = { A: 'A', B: 'B', schema: 'B' }

  async function add(name: string, floor: 'A' | 'B', check: Check, swallow = false) {
    if (!(await accepts(check, bytes))) throw new Error(`${name} refuses a body that was signed`)
    if (await accepts(check, forged)) throw new Error(`${name} accepts a body that was forged`)
    cases[name] = () => check(bytes)
    cases[`${name}, forged`] = swallow ? () => accepts(check, forged) : () => check(forged)
    floors[name] = floor
    floors[`${name}, forged`] = 'A'
  }

  for (const [name, provider] of Object.entries(providers))
    await add(`verify ${name}`, 'A', verifier(provider, signature))
  await add('receive', 'B', receiver(signature))
  for (const peer of peers) await add(peer.name, peer.floor, await peer.prepare(bytes), true)
  return { cases, floors }
}

function goalsOf(figures: readonly BodyFigures[]): Goal[] {
  const worst = (names: readonly string[]) =>
    highestOf(figures.flatMap(({ rows }) => rows.filter(({ name }) => names.includes(name)).map(({ ratio }) => ratio)))
  const receive = (sizes: readonly string[]) =>
    highestOf(figures.filter(({ size }) => sizes.includes(size)).map((body) => body.receiveWithoutSchema))
  const pinned = ['verify OpenMail', 'verify Cold Mail Reseller, pinned']
  const unit = ' × A'
  return [
    atMost(1.05, { name: 'Verify, worst of all sizes and texts', measured: worst(pinned), unit }),
    atMost(1.05, {
      name: 'Refuse a forged body, worst',
      measured: worst(pinned.map((name) => `${name}, forged`)),
      unit,
    }),
    atMost(2.1, {
      name: 'Refuse a forged body, Cold Mail Reseller unpinned, worst',
      measured: worst(['verify Cold Mail Reseller, unpinned, forged']),
      unit,
    }),
    atMost(1, { name: 'Receive up to the event less the schema, 0.7 kB', measured: receive(['0.7 kB']), unit: ' × B' }),
    atMost(1.05, {
      name: 'Receive up to the event less the schema, 8 kB to 1 MB, worst',
      measured: receive(['8 kB', '64 kB', '1 MB']),
      unit: ' × B',
    }),
  ]
}
