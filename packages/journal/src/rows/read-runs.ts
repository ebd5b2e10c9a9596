import type { TakenRow } from '@mailbox-hooks/core/journal'
import { untilDecided } from '@mailbox-hooks/core/sql-client'
import type { BegunRun, RowDialect } from './row-dialect.js'

/** Reads the entries of runs that have begun, in their order. One that was erased meanwhile is left out. */
export async function readRuns(dialect: RowDialect, runs: readonly BegunRun[], namespace: string): Promise<TakenRow[]> {
  const hashes = runs.flatMap(({ hash, row }) => (row === undefined ? [hash] : []))
  const rows = hashes.length === 0 ? [] : await untilDecided(() => dialect.read(namespace, hashes))
  const byHash = new Map(rows.map((row) => [row.hash, row]))
  return runs.flatMap(({ hash, token, number, was, nextAttemptAt, row = byHash.get(hash) }) => {
    return row === undefined ? [] : [{ ...row, token, number, was, nextAttemptAt }]
  })
}
