/** Something to be timed; a promise is awaited. */
export type Case = () => unknown

export interface CompareOptions {
  readonly rounds: number
  /** How long each case runs in each round. */
  readonly sliceMs: number
}

/** Nanoseconds per call, one value a round. */
export type Timings<Name extends string> = Readonly<Record<Name, readonly number[]>>

/**
 * Times the cases by turns in this process, so that whatever slows the machine down slows all of them: each round runs
 * each case for a moment, and begins with another one.
 */
export async function compare<Name extends string>(
  cases: Readonly<Record<Name, Case>>,
  { rounds, sliceMs }: CompareOptions,
): Promise<Timings<Name>> {
  const names = Object.keys(cases) as Name[]
  const calls = new Map<Name, number>()
  for (const name of names) calls.set(name, await callsWithin(cases[name], sliceMs))
  const timings = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!
      timings[name].push(await time(cases[name], calls.get(name)!))
    }
  }
  return timings
}

/** Warms the case up as well: it has run for several slices when it is measured. */
async function callsWithin(run: Case, sliceMs: number): Promise<number> {
  let nsPerCall = await time(run, 1)
  for (let slice = 0; slice < WARM_UP_SLICES; slice++) nsPerCall = await time(run, fitting(sliceMs, nsPerCall))
  return fitting(sliceMs, nsPerCall)
}

const WARM_UP_SLICES = 4

const fitting = (sliceMs: number, nsPerCall: number) => Math.max(1, Math.round((sliceMs * 1e6) / nsPerCall))

async function time(run: Case, calls: number): Promise<number> {
  const first = run()
  const isAsync = first instanceof Promise
  // What is left of it would count as time of the next.
  await first
  const startedAt = process.hrtime.bigint()
  if (isAsync) for (let call = 0; call < calls; call++) await run()
  else for (let call = 0; call < calls; call++) run()
  return Number(process.hrtime.bigint() - startedAt) / calls
}
