import { atLeast, type Goal } from '../measure/goal.js'
import type { Part } from '../measure/part.js'
import { rangeOf, ratioOf, type Spread } from '../measure/statistics.js'
import type { Table } from '../measure/table.js'
import { BARE_MINIMUM, contendersOf, EQUAL_WORK, FRAMEWORKS, type Framework, OURS, PEERS } from './contenders.js'
import { contest, figuresOf, type Rounds, type ServerFigures } from './contest.js'

const WANTED = 1
const WANTED_OF_MINIMUM = 0.9

/** A server beside ours. */
interface Rival extends ServerFigures {
  /** The CPU time of a request to it, as times that of ours. */
  readonly ours: Spread
}

export interface FrameworkFigures {
  readonly framework: Framework
  readonly ours: ServerFigures
  readonly byHand: Readonly<Record<typeof BARE_MINIMUM | typeof EQUAL_WORK, Rival>>
  /** On Express only. */
  readonly peers: readonly Rival[]
}

/** The whole of it over sockets, by the CPU time of the server. */
export const http: Part<readonly FrameworkFigures[]> = { measure, tablesOf }

async function measure() {
  const figures: FrameworkFigures[] = []
  for (const framework of FRAMEWORKS) figures.push(await measureFramework(framework))
  return { goals: [...figures.map(equalGoal), ...figures.flatMap(peerGoal), ...figures.map(minimumGoal)], figures }
}

async function measureFramework(framework: Framework): Promise<FrameworkFigures> {
  const peers = framework === 'Express' ? PEERS : []
  const measured = await contest([...contendersOf(framework), ...peers])
  const called = (name: string) => measured.find((each) => each.name === name)!
  const ours = called(OURS)
  const rival = (name: string): Rival => ({ ...figuresOf(called(name)), ours: cpuRatio(called(name), ours) })
  return {
    framework,
    ours: figuresOf(ours),
    byHand: { [BARE_MINIMUM]: rival(BARE_MINIMUM), [EQUAL_WORK]: rival(EQUAL_WORK) },
    peers: peers.map(({ name }) => rival(name)),
  }
}

const cpuRatio = (other: Rounds, ours: Rounds) => ratioOf(other.cpuMicros, ours.cpuMicros)

const equalGoal = ({ framework, byHand }: FrameworkFigures): Goal =>
  atLeast(WANTED, {
    name: `HTTP, ${framework}, equal work by hand`,
    measured: byHand[EQUAL_WORK].ours,
    unit: ' × its CPU',
  })

/** The best is that with the least CPU time. */
function peerGoal({ framework, peers }: FrameworkFigures): Goal[] {
  const [best] = [...peers].sort((one, other) => one.cpuMicros.median - other.cpuMicros.median)
  if (best === undefined) return []
  const name = `HTTP, ${framework}, the best peer, which is ${best.name}`
  return [atLeast(WANTED, { name, measured: best.ours, unit: ' × its CPU' })]
}

const minimumGoal = ({ framework, byHand }: FrameworkFigures): Goal =>
  atLeast(WANTED_OF_MINIMUM, {
    name: `HTTP, ${framework}, the bare minimum by hand`,
    measured: byHand[BARE_MINIMUM].ours,
    unit: ' × its CPU',
    isStretch: true,
  })

function tablesOf(figures: readonly FrameworkFigures[]): Table[] {
  return [
    {
      title: 'A request with a body of 0.7 kB, 32 connections, each server a process of its own',
      rows: [
        ['', 'CPU µs', 'requests a second', 'CPU, as times ours', 'range'],
        ...figures.flatMap(({ framework, ours, byHand, peers }) => [
          rowOf(`${framework}, ours`, ours),
          ...[...Object.values(byHand), ...peers].map((rival) =>
            rowOf(`${framework}, ${rival.name}`, rival, rival.ours),
          ),
        ]),
      ],
    },
  ]
}

const rowOf = (name: string, { cpuMicros, perSecond }: ServerFigures, ours?: Spread) => [
  name,
  cpuMicros.median.toFixed(1),
  perSecond.median.toFixed(0),
  ...(ours === undefined ? ['1', ''] : [ours.median.toFixed(2), rangeOf(ours)]),
]
