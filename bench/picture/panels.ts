import { BARE_MINIMUM, EQUAL_WORK } from '../http/contenders.js'
import type { ServerFigures } from '../http/contest.js'
import type { FrameworkFigures } from '../http/http.js'
import type { StoreKind } from '../memory/footprint.js'
import type { FootprintFigures } from '../memory/memory.js'
import type { ClaimFigures } from '../stores/claims.js'
import { peers } from '../verify/peers/index.js'
import type { BodyFigures } from '../verify/verify.js'

/** Bars in rows and columns. */
export interface Panel {
  readonly title: string
  readonly caption: string
  /** Where the bars of all columns end, longer ones being cut. Without it the longest bar of a column sets its scale. */
  readonly scale?: number
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

export interface Row {
  readonly label: string
  readonly tone: 'ours' | 'floor' | 'other'
  /** One for each column. */
  readonly bars: readonly Bar[]
}

export interface Bar {
  readonly value: number
  readonly shown: string
}

interface Measured<Figures> {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  readonly figures: Figures
}

/** What is drawn of `results.json`. */
export interface Results {
  readonly verify?: Measured<readonly BodyFigures[]>
  readonly stores?: Measured<{ readonly claims: readonly ClaimFigures[] }>
  readonly http?: Measured<readonly FrameworkFigures[]>
  readonly memory?: Measured<{ readonly footprints: readonly FootprintFigures[] }>
}

const OURS = 'mailbox-hooks'
const BY_HAND = 'by hand'

/** From top to bottom; those of a part that has not been measured are left out. */
export function panelsOf({ verify, stores, http, memory }: Results): Panel[] {
  return [
    ...(verify ? [signaturePanel(verify.figures), eventPanel(verify.figures)] : []),
    ...(stores ? [claimPanel(stores.figures.claims)] : []),
    ...(http ? [requestPanel(http.figures)] : []),
    ...(memory ? [memoryPanel(memory.figures.footprints)] : []),
  ]
}

const signaturePanel = (figures: readonly BodyFigures[]): Panel => ({
  title: 'Checking a signature',
  caption:
    'Times as long as HMAC and comparison by hand; each verifier on the scheme it is made for. Shorter is better.',
  scale: 2,
  ...againstFloor(figures, 'A', 'verify OpenMail'),
})

const eventPanel = (figures: readonly BodyFigures[]): Panel => ({
  title: 'From the bytes to an event',
  caption:
    'Times as long as HMAC, comparison and JSON.parse by hand. mailbox-hooks also checks the schema. Shorter is better.',
  scale: 8,
  ...againstFloor(figures, 'B', 'receive'),
})

// Whatever is looked for in figures below is there: each part measures all of it.
const SIZES = ['0.7 kB', '8 kB', '64 kB']

/** Each verifier as times the floor that does the same by hand. */
function againstFloor(figures: readonly BodyFigures[], floor: 'A' | 'B', ours: string) {
  const bodies = SIZES.map((size) => figures.find((body) => body.size === size && body.text === 'ASCII')!)
  const row = (label: string, tone: Row['tone'], name: string): Row => ({
    label,
    tone,
    bars: bodies.map(({ rows }) => {
      const { median } = rows.find((each) => each.name === name)!.ratio
      return { value: median, shown: `${median.toFixed(2)} ×` }
    }),
  })
  const others = peers.filter((peer) => peer.floor === floor).map(({ name }) => row(name, 'other', name))
  return { columns: SIZES, rows: [row(BY_HAND, 'floor', floor), row(OURS, 'ours', ours), ...others] }
}

const DATABASES = ['PostgreSQL', 'MariaDB', 'SQLite']

function claimPanel(figures: readonly ClaimFigures[]): Panel {
  const claims = DATABASES.map((name) => figures.find((each) => each.database === name && each.concurrency === 500)!)
  return {
    title: 'Claims a second, 500 at once',
    caption: 'mailbox-hooks claims what waits in one statement. Longer is better.',
    columns: DATABASES,
    rows: [
      { label: 'a row a statement', tone: 'floor', bars: claims.map(({ singly }) => rounded(singly.perSecond.median)) },
      { label: OURS, tone: 'ours', bars: claims.map(({ ours }) => rounded(ours.perSecond.median)) },
    ],
  }
}

function requestPanel(figures: readonly FrameworkFigures[]): Panel {
  const row = (label: string, tone: Row['tone'], of: (figures: FrameworkFigures) => ServerFigures): Row => ({
    label,
    tone,
    bars: figures.map((each) => rounded(of(each).cpuMicros.median)),
  })
  return {
    title: 'A request, bodies of 0.7 kB: microseconds of the server’s CPU',
    caption: 'Equal work by hand: signature, time, strict JSON, schema, claim and mark. Shorter is better.',
    columns: figures.map(({ framework }) => framework),
    rows: [
      row('signature and JSON by hand', 'other', ({ byHand }) => byHand[BARE_MINIMUM]),
      row('equal work by hand', 'floor', ({ byHand }) => byHand[EQUAL_WORK]),
      row(OURS, 'ours', ({ ours }) => ours),
    ],
  }
}

function memoryPanel(figures: readonly FootprintFigures[]): Panel {
  const row = (label: string, tone: Row['tone'], kind: StoreKind): Row => {
    const [few, many] = [100_000, 1_000_000].map(
      (keys) => figures.find((each) => each.kind === kind && each.keys === keys)!,
    )
    return { label, tone, bars: [rounded(few!.bytesPerKey), rounded(many!.bytesPerKey), rounded(many!.collectionMs)] }
  }
  return {
    title: 'Remembering handled events in memory',
    caption:
      'The same contract on a Map and on lru-cache. Full garbage collections walk through both. Shorter is better.',
    columns: ['bytes each, of 100,000', 'bytes each, of 1,000,000', 'ms a collection, 1,000,000'],
    rows: [row('Map', 'other', 'Map'), row('lru-cache', 'other', 'lru-cache'), row(OURS, 'ours', 'ours')],
  }
}

/** To three digits: another run gives others behind them. */
const rounded = (value: number): Bar => ({
  value,
  shown: Math.round(value).toLocaleString('en', { maximumSignificantDigits: 3 }),
})
