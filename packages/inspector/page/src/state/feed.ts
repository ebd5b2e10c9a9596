import { effect } from '@preact/signals'
import type { Row, StreamLine } from '../../../src/api.ts'
import { messageOf, request } from '../server/client.ts'
import { readLines } from '../server/read-lines.ts'
import { sessionState } from '../server/session.ts'
import { connection, pauseAfter } from './connection.ts'
import { refreshDetail } from './detail.ts'
import { filterQuery, streamQuery } from './filters.ts'
import { loadOverview, takeOverview } from './overview.ts'
import { loading, loadingError, loadNewest } from './pages.ts'
import { takeRows } from './rows.ts'

/** A stream that says nothing for this long is broken, because it pings each 10 s. */
const SILENCE_MS = 25_000

/** Rows are shown at most ten times a second: nobody reads faster, and drawing takes time. */
const SHOW_EACH_MS = 100

/** Follows the inspector while there is a session, and begins anew when the filters change. */
export function startFeed(): () => void {
  return effect(() => {
    if (sessionState.value !== 'open') return
    // Read, so that any other filter begins anew.
    filterQuery.value
    const stop = new AbortController()
    void follow(streamQuery.value, stop.signal)
    return () => stop.abort()
  })
}

async function follow(query: string, signal: AbortSignal): Promise<void> {
  let isFirst = true
  for (let failures = 0; !signal.aborted && sessionState.value === 'open'; ) {
    let because = messageOf(undefined)
    try {
      await listen(query, signal, async () => {
        // Asked for once the stream runs, so that nothing falls between the two.
        await Promise.all([loadOverview(signal), loadNewest({ keep: !isFirst }, signal)])
        isFirst = false
        failures = 0
        connection.value = { kind: 'live' }
      })
    } catch (error) {
      because = messageOf(error)
      if (isFirst && !signal.aborted) {
        loading.value = 'nothing'
        loadingError.value = because
      }
    }
    if (signal.aborted || sessionState.value !== 'open') return
    failures++
    await pauseAfter(failures, because, signal)
  }
}

/** Reads one stream to its end. */
async function listen(query: string, outer: AbortSignal, onOpen: () => Promise<void>): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  let watchdog = setTimeout(() => stop.abort(), SILENCE_MS)
  try {
    const response = await request(`/api/stream?${query}`, { signal })
    const arrivals = new Arrivals(signal)
    const reading = readLines<StreamLine>(response, (lines) => {
      clearTimeout(watchdog)
      watchdog = setTimeout(() => stop.abort(), SILENCE_MS)
      for (const line of lines) take(line, arrivals)
    })
    await Promise.all([onOpen().then(() => arrivals.begin()), reading])
  } finally {
    clearTimeout(watchdog)
    stop.abort()
  }
}

function take(line: StreamLine, arrivals: Arrivals): void {
  if (line.kind === 'overview') takeOverview(line.overview)
  if (line.kind === 'rows') arrivals.add(line.rows)
}

/** Gathers rows, and shows them together: the first at once, others after a pause. */
class Arrivals {
  #rows: Row[] = []
  #hasBegun = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #shownAt = 0
  readonly #signal: AbortSignal

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => clearTimeout(this.#timer))
  }

  /** Rows that arrive earlier wait for the first page. */
  begin(): void {
    this.#hasBegun = true
    this.#plan()
  }

  add(rows: readonly Row[]): void {
    this.#rows.push(...rows)
    this.#plan()
  }

  #plan(): void {
    if (!this.#hasBegun || this.#timer !== undefined || this.#rows.length === 0) return
    const waitMs = Math.max(0, this.#shownAt + SHOW_EACH_MS - performance.now())
    this.#timer = setTimeout(() => this.#show(), waitMs)
  }

  #show(): void {
    this.#timer = undefined
    this.#shownAt = performance.now()
    if (this.#signal.aborted) return
    const rows = this.#rows
    this.#rows = []
    takeRows(rows)
    refreshDetail(rows)
  }
}
