import { EXIT, Failure } from '../failure.js'
import type { Channel } from '../output/output.js'
import { OutOfTime, Play, type PlaySettings } from './play.js'
import type { Played } from './played.js'
import type { PlayableScenario } from './scenarios.js'

export interface PlayAllSettings extends Pick<PlaySettings, 'to' | 'signing'> {
  readonly scenarios: readonly PlayableScenario[]
  /** The secrets by provider name. */
  readonly secrets: ReadonlyMap<string, string>
  readonly progress: Channel
}

export interface PlayedAll {
  readonly played: readonly Played[]
  /** The names of the scenarios that were not played for lack of time. */
  readonly unfinished: readonly string[]
}

/** The time limit of all scenarios together. */
const LIMIT_MS = 38_000

/** Plays the scenarios one after the other, with a line of progress on a terminal. Returns each delivery. */
export async function playAll({ scenarios, secrets, progress, ...settings }: PlayAllSettings): Promise<PlayedAll> {
  const played: Played[] = []
  const deadlineMs = performance.now() + LIMIT_MS
  const line = progressLine(progress)
  for (const [index, scenario] of scenarios.entries()) {
    const onPlayed = (row: Played) => {
      if (played.length === 0 && row.failure === 'connection refused') throw unreachable(settings.to)
      played.push(row)
      line.show(`${index + 1}/${scenarios.length} ${scenario.name}  ${played.length} deliveries  ${row.event}`)
    }
    const { provider } = scenario
    const secret = secrets.get(provider.name)!
    const play = new Play({ ...settings, scenario: scenario.name, provider, secret, deadlineMs, onPlayed })
    try {
      await scenario.play(play)
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error
      return { played, unfinished: scenarios.slice(index).map(({ name }) => name) }
    } finally {
      line.clear()
    }
  }
  return { played, unfinished: [] }
}

const unreachable = (to: URL) =>
  new Failure(`Nothing listens at ${to.host}: is the receiver running?`, EXIT.unreachable)

/** Overwrites one line of progress. Does nothing without a terminal. */
function progressLine({ isTerminal, raw, style }: Channel) {
  const CLEAR = '\r\u001b[K'
  return {
    show: (text: string) => isTerminal && raw(CLEAR + style('dim', text)),
    clear: () => isTerminal && raw(CLEAR),
  }
}
