import { isMarkedHere, rememberMark } from '@mailbox-hooks/core/sql-client'
import { attemptColumns, entryColumns } from '../rows/raw-rows.js'
import type { TableNames } from '../rows/table-names.js'
import { postgresDeliveries } from './postgres-deliveries.js'
import { postgresRemovals } from './postgres-removals.js'
import {
  AS_TEXTS,
  abandon,
  BEGINNING,
  byHash,
  few,
  isKept,
  LOCKED_COLUMNS,
  listed,
  NOW,
  orOpen,
  trim,
} from './postgres-words.js'

/**
 * The statements of PostgreSQL. All times come from `clock_timestamp()`, because `now()` is fixed within a transaction.
 * Rows that others have locked are skipped, because a transaction of the user's may keep them locked for long.
 */
export function postgresStatements(names: TableNames) {
  const { entries, content, about, attempts, refusals, meta } = names

  /** Has `locked` entries run, of which `source`, `$token`, `state` and `until` say how. */
  const runLocked = (source: string, token: string, until: string, runs: string) => `
    abandoned AS (
      ${abandon(attempts, 'true')} RETURNING *
    ), run AS (
      UPDATE ${entries} AS entry SET
        state = CASE WHEN was IN ('handled', 'dead') THEN was ELSE 'received' END, token = ${token},
        lease_until = ${until}, due_at = CASE WHEN was IN ('handled', 'dead') THEN NULL ELSE ${until} END,
        attempt_count = entry.attempt_count + 1, run_number = entry.attempt_count + 1, run_source = '${source}',
        run_started_at = ${NOW}, runs = ${runs}
      FROM ${few('locked')} AS locked WHERE entry.id = locked.id
      RETURNING entry.*, was, was_due_at, 'yes' AS is_own
    ), trimmed AS (
      ${trim(attempts, few('run'))}
    )`

  return {
    ...postgresDeliveries(names),
    ...postgresRemovals(names),

    session: `WITH ${BEGINNING} SELECT 'fit' AS status, now::text AS now_ms FROM clock ${orOpen(`''`)}`,

    journalId: `SELECT encode(value, 'hex') AS value FROM ${meta} WHERE name = 'journal_id'`,

    /** Parameters: $1 hash, $2 token, $3 lease. */
    extend: `
      WITH ${BEGINNING}, seen AS MATERIALIZED (
        SELECT FROM ${entries} WHERE hash = decode($1, 'hex') AND token = $2 AND lease_until IS NOT NULL
      ), extended AS (
        UPDATE ${entries} SET
          lease_until = ${NOW} + $3::bigint, due_at = CASE state WHEN 'received' THEN ${NOW} + $3::bigint END
        WHERE id = (
          SELECT id FROM ${entries} WHERE hash = decode($1, 'hex') AND token = $2 AND lease_until IS NOT NULL
          FOR UPDATE SKIP LOCKED
        ) AND ${NOW} IS NOT NULL
        RETURNING 1
      )
      SELECT 'extended' AS status FROM extended
      UNION ALL
      SELECT 'over' FROM clock WHERE NOT EXISTS (SELECT FROM seen)
      UNION ALL
      SELECT 'open' FROM session WHERE is_open`,

    /** Parameters: $1 hash, $2 token. Runs in the user's transaction, which may mark an entry again. */
    mark: `
      UPDATE ${entries} SET state = 'handled', due_at = NULL, lease_until = NULL
      WHERE hash = decode($1, 'hex') AND token = $2
        AND (lease_until IS NOT NULL OR (state = 'handled' AND ${isMarkedHere('$2')}))
      RETURNING ${rememberMark('$2')}`,

    isHandled: `
      SELECT 1 AS one FROM ${entries}
      WHERE hash = decode($1, 'hex') AND token = $2 AND state = 'handled' AND lease_until IS NULL`,

    /** Parameters: $1 hash, $2 namespace, $3 token, $4 lease, $5 key ids, $6 number of attempts, $7 format, $8 grace. */
    rerun: `
      WITH ${BEGINNING}, seen AS MATERIALIZED (
        SELECT id, key_id, format, attempt_count, state, due_at, lease_until FROM ${byHash(entries, '$1')} AS entry
        WHERE namespace = $2 AND state <> 'erased'
      ), locked AS MATERIALIZED (
        SELECT ${LOCKED_COLUMNS} FROM ${entries} AS entry
        WHERE entry.id = (SELECT id FROM seen) AND entry.state <> 'erased' AND coalesce(entry.lease_until + $8::bigint, 0) <= ${NOW}
          AND entry.key_id IN ${listed('$5')} AND entry.format <= $7::integer AND ($6::integer IS NULL OR entry.attempt_count = $6::integer)
        FOR UPDATE OF entry SKIP LOCKED
      ), ${runLocked('replay', '$3', `${NOW} + $4::bigint`, 'entry.runs')}
      SELECT CASE WHEN run.id IS NULL THEN 'left' ELSE 'begun' END AS status, seen.key_id, seen.format::text AS format,
        coalesce(run.attempt_count, seen.attempt_count)::text AS attempt_count,
        (coalesce(seen.lease_until, 0) - ${NOW})::text AS left_ms,
        CASE WHEN run.id IS NULL THEN seen.state ELSE run.was END AS state,
        CASE WHEN run.id IS NULL THEN seen.due_at ELSE run.was_due_at END::text AS due_at
      FROM seen LEFT JOIN run ON true
      WHERE ${NOW} IS NOT NULL
      ${orOpen('NULL, NULL, NULL, NULL, NULL, NULL')}`,

    /**
     * Parameters: $1 namespace, $2 key ids, $3 limit, $4 lease, $5 the beginning of tokens, $6 format, $7 grace. It returns what
     * `read` would. No part of a statement sees what another part has written, so attempts are put together.
     */
    take: `
      WITH ${BEGINNING}, due AS MATERIALIZED (
        SELECT entry.*
        FROM (SELECT DISTINCT * FROM ${listed('$2')} AS known (key_id)) AS known
        CROSS JOIN LATERAL (
          SELECT ${LOCKED_COLUMNS} FROM ${entries} AS entry
          WHERE entry.namespace = $1 AND entry.key_id = known.key_id AND entry.due_at <= ${NOW}
            AND (entry.state <> 'received' OR entry.due_at <= ${NOW} - $7::bigint) AND entry.format <= $6::integer
          ORDER BY entry.due_at LIMIT $3::integer
          FOR UPDATE SKIP LOCKED
        ) AS entry
      ), locked AS MATERIALIZED (
        SELECT * FROM due ORDER BY was_due_at, id LIMIT $3::integer
      ), ${runLocked('retry', `$5 || encode(substring(entry.hash FROM 1 FOR 8), 'hex')`, `${NOW} + $4::bigint`, 'entry.runs + 1')}
      SELECT CASE WHEN is_open THEN 'open' WHEN content.entry_id IS NULL THEN 'none' ELSE 'begun' END AS status, token,
        was, was_due_at::text AS was_due_at, encode(content.content, 'base64') AS content,
        ${entryColumns(AS_TEXTS)}, ${attemptColumns(AS_TEXTS)}
      FROM session
      LEFT JOIN run AS entry ON true
      LEFT JOIN LATERAL (SELECT * FROM ${content} AS content WHERE content.entry_id = entry.id LIMIT 1) AS content ON true
      LEFT JOIN LATERAL (
        SELECT * FROM ${attempts} AS attempt
        WHERE attempt.entry_id = entry.id AND ${isKept('attempt.number', 'entry.attempt_count')}
        UNION ALL SELECT * FROM abandoned WHERE abandoned.entry_id = entry.id
        ORDER BY number LIMIT 100
      ) AS attempt ON true
      ORDER BY entry.was_due_at, entry.id, attempt.number`,

    /** Parameters: $1 namespace, $2 hashes. Each is looked up by the index, whatever the database expects. */
    read: `
      SELECT ${entryColumns(AS_TEXTS)}, encode(content.content, 'base64') AS content, ${attemptColumns(AS_TEXTS)}
      FROM ${listed('$2')} AS wanted (hash)
      CROSS JOIN LATERAL (
        SELECT * FROM ${entries} AS entry WHERE entry.hash = decode(wanted.hash, 'hex') LIMIT 1
      ) AS entry
      CROSS JOIN LATERAL (SELECT * FROM ${content} AS content WHERE content.entry_id = entry.id LIMIT 1) AS content
      LEFT JOIN LATERAL (
        SELECT * FROM ${attempts} AS attempt WHERE attempt.entry_id = entry.id ORDER BY number LIMIT 100
      ) AS attempt ON true
      WHERE entry.namespace = $1 AND entry.state <> 'erased'
      ORDER BY entry.id, attempt.number`,

    /** Parameters: $1 lookups. Each looks at the newest first, by the index, whatever the database expects. */
    newer: `
      SELECT wanted.hash FROM json_to_recordset($1::text::json) AS wanted (
        hash text, token text, namespace text, "occurredAfter" bigint, since bigint
      )
      CROSS JOIN LATERAL (
        SELECT FROM (
          SELECT entry_id FROM ${about} AS about
          WHERE about.token = decode(wanted.token, 'hex') AND about.first_received_at >= wanted.since
          ORDER BY about.first_received_at DESC OFFSET 0
        ) AS about
        CROSS JOIN LATERAL (
          SELECT * FROM ${entries} AS entry WHERE entry.id = about.entry_id OFFSET 0
        ) AS entry
        WHERE entry.namespace = wanted.namespace AND entry.state = 'handled' AND entry.occurred_at > wanted."occurredAfter"
        LIMIT 1
      ) AS newer`,

    stats: `
      SELECT provider, account, state, count(*)::text AS entries, max(last_received_at)::text AS last_received_at
      FROM ${entries} WHERE namespace = $1 AND state <> 'erased' GROUP BY provider, account, state`,

    /** Parameters: $1 id, $2 namespace, $3 code, $4 provider, $5 key id, $6 content, $7 how many others stay. */
    addRefusal: `
      WITH ${BEGINNING}, added AS (
        INSERT INTO ${refusals} (id, namespace, added_at, code, provider, key_id, content)
        SELECT decode($1, 'hex'), $2::text, now, $3::text, $4::text, $5::text, decode($6, 'base64') FROM clock
      ), trimmed AS (
        DELETE FROM ${refusals} WHERE namespace = $2 AND ${NOW} IS NOT NULL AND number <= (
          SELECT number FROM ${refusals} WHERE namespace = $2 ORDER BY number DESC LIMIT 1 OFFSET $7::integer
        )
      )
      SELECT 'added' AS status FROM clock UNION ALL SELECT 'open' FROM session WHERE is_open`,

    refusals: `
      SELECT encode(id, 'hex') AS id, added_at::text AS added_at, code, provider, key_id,
        encode(content, 'base64') AS content
      FROM ${refusals} WHERE namespace = $1 ORDER BY number DESC LIMIT $2::integer`,
  }
}

export type PostgresStatements = ReturnType<typeof postgresStatements>
