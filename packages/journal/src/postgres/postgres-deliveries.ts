import type { TableNames } from '../rows/table-names.js'
import { abandon, BEGINNING, few, isKept, LOCKED_COLUMNS, orOpen, trim } from './postgres-words.js'

/** An entry that an open transaction has just inserted cannot be read yet, but an insert would wait for it. */
const BRIEFLY = `(SELECT set_config('lock_timeout', '200ms', true)) IS NOT NULL`

/**
 * The statements of PostgreSQL for what comes in great numbers: deliveries, the ends of their runs, and notes. Any number
 * of rows is one parameter, in JSON. One text serves a lone row, too: the database reckons with 100 rows, whatever there
 * are, and so plans it once.
 *
 * Where it shall reckon with few, so that it looks rows up by an index in a table that may have been empty when it made
 * its plan, a text is compared with a text, as `decision` is.
 */
export function postgresDeliveries({ entries, content, about, attempts }: TableNames) {
  /** The newest entry of a key. Those of its first generation have the hash of the key. */
  const newest = (columns: string) => `
    LEFT JOIN LATERAL (
      (
        SELECT ${columns} FROM ${entries} AS entry
        WHERE entry.key_hash = given.key_hash AND entry.generation > 0 ORDER BY generation DESC LIMIT 1
      ) UNION ALL (
        SELECT ${columns} FROM ${entries} AS entry WHERE entry.hash = given.key_hash LIMIT 1
      )
      ORDER BY generation DESC LIMIT 1
    ) AS seen ON true`

  return {
    begin: `
      WITH ${BEGINNING}, given AS (
        SELECT decode(hash, 'hex') AS hash, decode(key_hash, 'hex') AS key_hash, key_hash AS key, generation, namespace,
          provider, account, type, state, token, window_ms, is_limited, retry_span_ms, occurred_at, key_id, format, about,
          meta, content, grace_ms, deadline_ms, now, CASE state WHEN 'received' THEN now + lease_ms END AS lease_until,
          CASE state WHEN 'received' THEN now + lease_ms WHEN 'queued' THEN now + next_ms END AS due_at
        FROM clock CROSS JOIN json_to_recordset($1::text::json) AS given (
          hash text, key_hash text, generation integer, namespace text, provider text, account text, type text,
          state text, token text, lease_ms bigint, next_ms bigint, window_ms bigint, is_limited boolean,
          retry_span_ms bigint, occurred_at bigint, key_id text, format integer, about text, meta text, content text, grace_ms bigint, deadline_ms bigint
        )
      ), wanted AS MATERIALIZED (
        SELECT given.*, seen.id AS seen_id, seen.hash AS seen_hash, seen.generation AS seen_generation,
          seen.lease_until AS seen_until,
          CASE
            WHEN now > given.deadline_ms THEN 'late'
            WHEN seen.id IS NULL THEN 'insert'
            WHEN seen.state = 'erased' AND seen.window_end > now THEN 'handled'
            WHEN seen.is_limited AND seen.window_end <= now
              THEN CASE WHEN given.generation > seen.generation THEN 'insert' ELSE 'outlived' END
            WHEN seen.state IN ('erased', 'handled', 'queued') THEN seen.state
            WHEN seen.lease_until + given.grace_ms > now THEN 'in-flight'
            WHEN given.state = 'failed' THEN 'known'
            ELSE 'take'
          END AS decision
        FROM given ${newest(`
          id, hash, generation, state, is_limited, lease_until, last_received_at + window_ms AS window_end`)}
      ), locked AS MATERIALIZED (
        SELECT wanted.key, wanted.decision, wanted.state, wanted.token, wanted.lease_until AS until, wanted.due_at, now,
          entry.*
        FROM (
          SELECT * FROM wanted WHERE decision IN ('handled', 'queued', 'in-flight', 'known', 'take')
        ) AS wanted
        CROSS JOIN LATERAL (
          SELECT ${LOCKED_COLUMNS} FROM ${entries} AS entry
          WHERE entry.id = wanted.seen_id AND (
            wanted.decision <> 'take'
            OR entry.state IN ('received', 'failed', 'dead') AND coalesce(entry.lease_until + wanted.grace_ms, 0) <= now
          )
          FOR UPDATE SKIP LOCKED
        ) AS entry
      ), touched AS (
        UPDATE ${entries} AS entry SET last_received_at = greatest(last_received_at, now)
        FROM ${few('locked')} AS locked WHERE entry.id = locked.id AND locked.decision IN ('handled', 'queued', 'in-flight', 'known')
      ), abandoned AS (
        ${abandon(attempts, `decision = 'take'`)}
      ), taken AS (
        UPDATE ${entries} AS entry SET
          state = locked.state, token = locked.token, lease_until = locked.until, due_at = locked.due_at,
          last_received_at = greatest(last_received_at, now), attempt_count = entry.attempt_count + 1,
          run_number = entry.attempt_count + 1, run_source = 'provider', run_started_at = now,
          runs = CASE locked.state WHEN 'queued' THEN 0 ELSE runs END
        FROM locked WHERE entry.id = locked.id AND locked.decision = 'take'
        RETURNING locked.key, entry.id, entry.attempt_count, 'yes' AS is_own
      ), trimmed AS (
        ${trim(attempts, few('taken'))}
      ), inserted AS (
        INSERT INTO ${entries} (
          hash, key_hash, generation, namespace, provider, account, type, state, first_received_at, last_received_at,
          due_at, attempt_count, runs, token, lease_until, run_number, run_source, run_started_at, window_ms, is_limited,
          retry_span_ms, occurred_at, key_id, format, meta
        )
        SELECT hash, key_hash, generation, namespace, provider, account, type, state, now, now,
          due_at, 1, 0, token, lease_until, 1, 'provider', now, window_ms, is_limited,
          retry_span_ms, occurred_at, key_id, format, decode(meta, 'base64')
        FROM wanted WHERE decision = 'insert' AND ${BRIEFLY}
        ORDER BY hash
        ON CONFLICT DO NOTHING RETURNING id, hash
      ), filled AS MATERIALIZED (
        SELECT inserted.id, wanted.key, wanted.now, wanted.content, decode(wanted.about, 'hex') AS about
        FROM inserted JOIN wanted ON wanted.hash = inserted.hash
      ), contents AS (
        INSERT INTO ${content} (entry_id, about, content) SELECT id, about, decode(content, 'base64') FROM filled
      ), indexed AS (
        INSERT INTO ${about} (token, first_received_at, entry_id)
        SELECT substring(about FROM 16 * place + 1 FOR 16), now, id
        FROM filled CROSS JOIN LATERAL generate_series(0, length(about) / 16 - 1) AS place
      )
      SELECT 'new' AS status, key, NULL AS hash, '1' AS number, NULL AS left_ms, now::text AS now_ms FROM filled
      UNION ALL
      SELECT CASE WHEN taken.id IS NULL THEN decision ELSE 'taken' END, wanted.key, encode(seen_hash, 'hex'),
        coalesce(taken.attempt_count, seen_generation)::text, (seen_until - now)::text, now::text
      FROM wanted LEFT JOIN taken ON taken.key = wanted.key WHERE decision <> 'insert'
      ${orOpen(`NULL, NULL, NULL, NULL, NULL`)}`,

    /** What was held and is not ended was locked. */
    finish: `
      WITH ${BEGINNING}, wanted AS MATERIALIZED (
        SELECT given.*, now, coalesce(seen.is_held, 'no') AS is_held
        FROM clock CROSS JOIN json_to_recordset($1::text::json) AS given (
          hash text, token text, state text, next text, next_ms bigint, number integer, source text, kind text,
          status integer, code text, duration_ms bigint, error text, key_id text
        )
        LEFT JOIN LATERAL (
          SELECT 'yes' AS is_held FROM ${entries} AS entry
          WHERE entry.hash = decode(given.hash, 'hex') AND entry.token = given.token AND entry.lease_until IS NOT NULL
          LIMIT 1
        ) AS seen ON true
      ), locked AS MATERIALIZED (
        SELECT wanted.*, entry.*, coalesce(wanted.number, entry.run_number) AS attempt_number
        FROM (SELECT * FROM wanted WHERE is_held = 'yes') AS wanted
        CROSS JOIN LATERAL (
          SELECT id, run_number, attempt_count, first_received_at, retry_span_ms FROM ${entries} AS entry
          WHERE entry.hash = decode(wanted.hash, 'hex') AND entry.token = wanted.token AND entry.lease_until IS NOT NULL
          FOR UPDATE SKIP LOCKED
        ) AS entry
      ), ended AS (
        UPDATE ${entries} AS entry SET
          state = locked.state, lease_until = NULL,
          due_at = CASE WHEN locked.state IN ('failed', 'queued') THEN CASE locked.next
            WHEN 'after-provider' THEN entry.first_received_at + entry.retry_span_ms
            WHEN 'in' THEN now + locked.next_ms
          END END
        FROM locked WHERE entry.id = locked.id AND locked.is_held = 'yes' RETURNING locked.hash
      ), written AS (
        ${writeAttempt(attempts, 'locked', `kind IS NOT NULL`)}
      ), trimmed AS (
        ${trim(attempts, few('locked', 'is_held'))}
      )
      SELECT 'ended' AS status, hash FROM ended
      UNION ALL
      SELECT 'over', hash FROM wanted WHERE is_held = 'no'
      ${orOpen('NULL')}`,

    note: `
      WITH ${BEGINNING}, given AS (
        SELECT decode(hash, 'hex') AS key_hash, given.*, now
        FROM clock CROSS JOIN json_to_recordset($1::text::json) AS given (
          hash text, namespace text, number integer, source text, kind text, status integer, code text,
          duration_ms bigint, error text, key_id text
        )
      ), wanted AS MATERIALIZED (
        SELECT given.*, seen.id AS seen_id,
          CASE WHEN seen.namespace = given.namespace AND seen.state <> 'erased' THEN 'yes' ELSE 'no' END AS is_there
        FROM given ${newest('id, generation, namespace, state')}
      ), locked AS MATERIALIZED (
        SELECT wanted.hash, wanted.number, source, kind, status, code, duration_ms, error, key_id, now, is_there,
          entry.id, entry.attempt_count + CASE WHEN wanted.number IS NULL THEN 1 ELSE 0 END AS attempt_count,
          coalesce(wanted.number, entry.attempt_count + 1) AS attempt_number
        FROM (SELECT * FROM wanted WHERE is_there = 'yes') AS wanted
        CROSS JOIN LATERAL (
          SELECT id, attempt_count FROM ${entries} AS entry
          WHERE entry.id = wanted.seen_id AND entry.state <> 'erased' FOR UPDATE SKIP LOCKED
        ) AS entry
      ), counted AS (
        UPDATE ${entries} AS entry SET
          attempt_count = locked.attempt_count,
          last_received_at = CASE locked.source WHEN 'provider' THEN greatest(last_received_at, now) ELSE last_received_at END
        FROM locked WHERE entry.id = locked.id AND locked.is_there = 'yes' AND locked.number IS NULL
      ), written AS (
        ${writeAttempt(attempts, 'locked', 'true')}
      ), trimmed AS (
        ${trim(attempts, few('locked', 'is_there'))}
      )
      SELECT 'noted' AS status, hash FROM locked
      UNION ALL
      SELECT 'absent', hash FROM wanted WHERE is_there = 'no'
      ${orOpen('NULL')}`,
  }
}

/** Writes the attempts of entries that are locked, over those of the same number. */
function writeAttempt(attempts: string, source: string, condition: string): string {
  const values = ['ended_at', 'source', 'kind', 'status', 'code', 'duration_ms', 'error', 'key_id']
  return `
    INSERT INTO ${attempts} (entry_id, number, ${values.join(', ')})
    SELECT id, attempt_number, now, source, kind, status, code, duration_ms, decode(error, 'base64'), key_id
    FROM ${source} WHERE ${condition} AND ${isKept('attempt_number', 'attempt_count')}
    ON CONFLICT (entry_id, number) DO UPDATE SET ${values.map((name) => `${name} = excluded.${name}`).join(', ')}`
}
