import type { ColumnWords } from '../rows/raw-rows.js'

/**
 * The beginning of each statement that writes: the time, once for all of it, and whether it stands in a transaction that
 * somebody left open, whose rollback would undo it. There it has no time, and so it does nothing.
 */
export const BEGINNING = `
  session AS MATERIALIZED (
    SELECT coalesce(current_setting('mailbox_hooks.statement', true), '') <> '' AS is_open,
      set_config('mailbox_hooks.statement', 'running', true)
  ), clock AS MATERIALIZED (
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now FROM session WHERE NOT is_open
  )`

/** As a condition, where a sort would hide from the database that there is one time only. */
export const NOW = '(SELECT now FROM clock)'

/** The end of each of them, beside what it returns: a row that says so. */
export const orOpen = (columns: string) => `UNION ALL SELECT 'open' AS status, ${columns} FROM session WHERE is_open`

/** Texts only, because clients may have parsers of their own for other types. */
export const AS_TEXTS: ColumnWords = {
  plain: (column) => `${column}::text`,
  hex: (column) => `encode(${column}, 'hex')`,
  bytes: (column) => `encode(${column}, 'base64')`,
}

/** A list is one parameter, in JSON, because clients write arrays each in their own way. */
export const listed = (parameter: string) => `(SELECT json_array_elements_text(${parameter}::text::json))`

/** An entry by the index of the hashes: in an empty table any index looks as good. */
export const byHash = (entries: string, hash: string) =>
  `(SELECT * FROM ${entries} WHERE hash = decode(${hash}, 'hex') OFFSET 0)`

/** So many of the newest attempts are kept, beside the first. */
export const isKept = (number: string, count: string) => `(${number} = 1 OR ${number} > ${count} - 20)`

/** What a run is begun with, and what is left of one that nobody finished. */
export const LOCKED_COLUMNS = `
  entry.id, entry.hash, entry.state AS was, entry.due_at AS was_due_at, entry.lease_until, entry.run_number,
  entry.run_source, entry.run_started_at, entry.attempt_count, 'yes' AS is_own`

/** Writes the attempt of each run in `locked` that nobody finished. */
export const abandon = (attempts: string, condition: string) => `
  INSERT INTO ${attempts} (entry_id, number, ended_at, source, kind, status, duration_ms, key_id)
  SELECT id, run_number, lease_until, run_source, 'abandoned', 0, lease_until - run_started_at, '' FROM locked
  WHERE ${condition} AND lease_until IS NOT NULL AND ${isKept('run_number', 'attempt_count - 1')}
  ON CONFLICT DO NOTHING`

/**
 * Rows that a statement has made itself, each marked as such. The database reckons with few rows for which a text equals another,
 * and so looks up by an index what belongs to them, where it would read a table as a whole for many.
 */
export const few = (source: string, mark = 'is_own', value = 'yes') =>
  `(SELECT * FROM ${source} WHERE ${mark} = '${value}')`

/** Deletes attempts that are not kept any more, of the few entries in `source` that have so many. */
export const trim = (attempts: string, source: string) => `
  DELETE FROM ${attempts} AS attempt USING ${source} AS counted
  WHERE attempt.entry_id = counted.id AND counted.attempt_count > 21
    AND attempt.number > 1 AND attempt.number <= counted.attempt_count - 20`
