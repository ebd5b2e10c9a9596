import type { BeginRow } from './row-dialect.js'

/** Databases limit how much a statement may carry, and contents may be large. */
const LIMIT_BYTES = 1_000_000

const weightOf = ({ entry: { sealed } }: BeginRow) => sealed.meta.length + sealed.content.length

/** Sends rows in as many statements as their contents need, one after the other. */
export async function inChunks<Answer>(
  rows: readonly BeginRow[],
  send: (rows: readonly BeginRow[]) => Promise<ReadonlyMap<string, Answer>>,
): Promise<ReadonlyMap<string, Answer>> {
  const chunks: BeginRow[][] = []
  let weight = Number.POSITIVE_INFINITY
  for (const row of rows) {
    weight += weightOf(row)
    if (weight <= LIMIT_BYTES) chunks.at(-1)?.push(row)
    else {
      chunks.push([row])
      weight = weightOf(row)
    }
  }
  const answers = new Map<string, Answer>()
  for (const chunk of chunks) for (const [hash, answer] of await send(chunk)) answers.set(hash, answer)
  return answers
}
