import type { ServerResponse } from 'node:http'
import type { Overview, Row, StreamLine } from '../api.js'
import type { Feed } from '../data/feed.js'
import { isWanted, type RowFilter } from '../data/row-filter.js'
import { SAFE_HEADERS } from './headers.js'

const PING_MS = 10_000
const OVERVIEW_MS = 1_000

/** While a page reads slowly, so many of the newest rows wait for it. */
const MAX_WAITING = 5_000

/** Streams new and changed rows to a page, until it goes. A slow page gets each row once, as it is when it is written. */
export function stream(
  response: ServerResponse,
  filter: RowFilter,
  { feed, overview }: { readonly feed: Feed; readonly overview: () => Promise<Overview> },
): void {
  response.writeHead(200, { ...SAFE_HEADERS, 'content-type': 'application/x-ndjson; charset=utf-8' })
  let waiting = new Map<string, Row>()
  let isBlocked = false
  let overviewTimer: NodeJS.Timeout | undefined

  const write = (line: StreamLine) => {
    isBlocked = !response.write(`${JSON.stringify(line)}\n`)
  }
  const flush = () => {
    if (isBlocked || waiting.size === 0) return
    const rows = [...waiting.values()]
    waiting = new Map()
    write({ kind: 'rows', rows })
  }
  const sendOverview = async () => {
    overviewTimer = undefined
    // The journal's database may be away: the next change asks again.
    const read = await overview().catch(() => undefined)
    if (read !== undefined && !response.writableEnded && !isBlocked) write({ kind: 'overview', overview: read })
  }
  const end = feed.listen((rows) => {
    for (const row of rows) {
      if (!isWanted(row, filter)) continue
      // Behind those that wait already, because it is newer.
      waiting.delete(row.key)
      waiting.set(row.key, row)
      if (waiting.size > MAX_WAITING) waiting.delete(waiting.keys().next().value!)
    }
    flush()
    overviewTimer ??= setTimeout(() => void sendOverview(), OVERVIEW_MS).unref()
  })
  const pings = setInterval(() => write({ kind: 'ping', now: Date.now() }), PING_MS).unref()
  response.on('drain', () => {
    isBlocked = false
    flush()
  })
  response.on('close', () => {
    end()
    clearInterval(pings)
    clearTimeout(overviewTimer)
  })
  write({ kind: 'ping', now: Date.now() })
}
