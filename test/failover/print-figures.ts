import type { Count } from './deliver-under-load.js'

/** Prints what a failover came to, for the documents: `FIGURES=1 npx vitest run test/failover`. */
export function printFigures(what: string, count: Count): void {
  if (process.env.FIGURES === '1') console.info(what, JSON.stringify(count))
}
