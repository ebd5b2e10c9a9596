/** Holds something to be started after the turn of the event loop. Empty once there is nothing to start. */
export interface Starting {
  of: { start(): void } | undefined
}

/**
 * Whether what is started may belong to several requests. On Cloudflare Workers a timer belongs to the request in which it
 * was set, and ends with it.
 */
const MAY_SHARE = typeof setImmediate === 'function' && userAgent() !== 'Cloudflare-Workers'

/** Kept from the start: a timer of a test that never fires would keep all later claims waiting. */
const afterTurn = MAY_SHARE ? setImmediate : undefined

function userAgent(): string | undefined {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } }
  return navigator?.userAgent
}

let starting: Starting[] = []

/**
 * Starts something behind all that need not wait. Many handlers have ended by then, and a timer takes longer than a claim in
 * memory. The requests of a turn share one call.
 */
export function startAfterTurn(each: Starting): void {
  if (afterTurn === undefined) process.nextTick(start, each)
  else if (starting.push(each) === 1) afterTurn(startAll)
}

function startAll(): void {
  const all = starting
  starting = []
  for (const each of all) start(each)
}

const start = ({ of }: Starting) => of?.start()
