import { isMarkedHere, rememberMark } from './postgres-marks.js'
import type { TableNames } from './table-names.js'

const NOW = 'clock_timestamp()'
const after = (ms: string) => `${NOW} + ${ms} * interval '1 millisecond'`
/** A text, as all columns are, because clients may have their own parsers for other types. */
const leftMs = (end: string) => `(extract(epoch FROM ${end} - ${NOW}) * 1000)::float8::text`

/**
 * A setting that ends with its transaction. If a later statement still finds it, a transaction was left open on this
 * connection, and its rollback would undo the store's work.
 */
const SESSION = `
  session AS MATERIALIZED (
    SELECT coalesce(current_setting('mailbox_hooks.statement', true), '') <> '' AS is_open,
      set_config('mailbox_hooks.statement', 'running', true)
  )`
const IS_OPEN = '(SELECT is_open FROM session)'
const NOW_MS = `extract(epoch FROM ${NOW}) * 1000`

/** Why a claim changes nothing: the transaction was left open, or the statement runs too late. Null if there is no reason. */
const refusal = (deadlineMs: string) => `CASE WHEN is_open THEN 'open' WHEN ${NOW_MS} > ${deadlineMs} THEN 'late' END`

/** Whether a row may be taken over. A lease that ended in an outage still belongs to its holder for a while. */
const hasEnded = (graceMs: string) =>
  `expires_at <= ${NOW} AND (state <> 'claimed' OR expires_at <= ${NOW} - ${graceMs} * interval '1 millisecond')`

/**
 * Returns the statements of PostgreSQL. All times come from `clock_timestamp()`, because `now()` is fixed within a
 * transaction.
 *
 * A lone row has its own statement, which is planned once. A statement for many rows would be planned again for one row, or
 * badly.
 */
export function postgresStatements({ events, entities, eventsIndex, entitiesIndex }: TableNames) {
  const claimColumns = '(key_hash, event_key, provider, type, state, attempts, token, claimed_at, expires_at)'

  /** A row that an open transaction has just inserted cannot be read yet, but an insert would wait for it. */
  const briefly = `(SELECT set_config('lock_timeout', '200ms', true)) IS NOT NULL`

  const takeOver = (from: string) => `
    token = ${from}.token, state = 'claimed', attempts = attempts + 1, provider = ${from}.provider,
    type = ${from}.type, claimed_at = ${NOW}, done_at = NULL, expires_at = ${after(`${from}.lease_ms`)}`

  const settle = (from: string) => `
    state = ${from}.state, done_at = CASE ${from}.state WHEN 'done' THEN ${NOW} END, expires_at = ${after(`${from}.ms`)}`

  return {
    /** Shows what the client makes of a row, and the time. */
    session: `WITH ${SESSION} SELECT 'a row' AS hash, is_open::text AS is_open, (${NOW_MS})::text AS now_ms FROM session`,

    migrate: `
      SELECT pg_advisory_xact_lock(hashtext('mailbox_hooks_migrate'));
      CREATE TABLE IF NOT EXISTS ${events} (
        key_hash bytea PRIMARY KEY,
        event_key text NOT NULL,
        provider text NOT NULL,
        type text NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL,
        token text NOT NULL,
        claimed_at timestamptz NOT NULL,
        done_at timestamptz,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX IF NOT EXISTS ${eventsIndex} ON ${events} (expires_at);
      CREATE TABLE IF NOT EXISTS ${entities} (
        key_hash bytea PRIMARY KEY,
        entity text NOT NULL,
        position_ms float8 NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX IF NOT EXISTS ${entitiesIndex} ON ${entities} (expires_at)`,

    /** Parameters: $1 hash, $2 key, $3 provider, $4 type, $5 token, $6 lease, $7 grace, $8 deadline. */
    claim: `
      WITH ${SESSION}, terms AS MATERIALIZED (
        SELECT ${refusal('$8::float8')} AS refusal, (${NOW_MS})::text AS now_ms FROM session
      ), wanted AS (
        SELECT decode($1, 'hex') AS key_hash, $2::text AS event_key, $3::text AS provider, $4::text AS type,
          $5::text AS token, $6::float8 AS lease_ms FROM terms WHERE refusal IS NULL
      ), seen AS MATERIALIZED (
        SELECT state, expires_at FROM ${events} WHERE key_hash = decode($1, 'hex')
      ), taken AS (
        UPDATE ${events} event SET ${takeOver('wanted')} FROM wanted
        WHERE event.key_hash = (
          SELECT key_hash FROM ${events}
          WHERE key_hash = decode($1, 'hex') AND ${hasEnded('$7::float8')} AND EXISTS (SELECT FROM wanted)
          FOR UPDATE SKIP LOCKED
        )
        RETURNING 1
      ), inserted AS (
        INSERT INTO ${events} ${claimColumns}
        SELECT key_hash, event_key, provider, type, 'claimed', 1, token, ${NOW}, ${after('lease_ms')} FROM wanted
        WHERE NOT EXISTS (SELECT FROM seen) AND ${briefly}
        ON CONFLICT DO NOTHING RETURNING 1
      ), found AS (
        SELECT 'won' AS state, '0' AS left_ms FROM (TABLE taken UNION ALL TABLE inserted) AS won
        UNION ALL
        SELECT state, ${leftMs('expires_at')} FROM seen WHERE NOT EXISTS (SELECT FROM taken)
      )
      SELECT $1 AS hash, state, left_ms, now_ms FROM found CROSS JOIN terms WHERE refusal IS NULL
      UNION ALL
      SELECT $1, refusal, '0', now_ms FROM terms WHERE refusal IS NOT NULL`,

    /**
     * The same for many rows, with a list for each parameter. Sub-selects hide the lengths of the lists, which would
     * otherwise cause a new plan for each execution. `LIMIT 1` forces an index lookup for each key, because the plan may
     * be older than the rows of the table.
     */
    claimMany: `
      WITH ${SESSION}, wanted AS MATERIALIZED (
        SELECT wanted.*, seen.state, seen.expires_at, ${refusal('wanted.deadline_ms')} AS refusal,
          (${NOW_MS})::text AS now_ms
        FROM session CROSS JOIN (
          SELECT decode(hash, 'hex') AS key_hash, *
          FROM unnest(
            (SELECT $1::text[]), (SELECT $2::text[]), (SELECT $3::text[]), (SELECT $4::text[]), (SELECT $5::text[]),
            (SELECT $6::float8[]), (SELECT $7::float8[]), (SELECT $8::float8[])
          ) AS list (hash, event_key, provider, type, token, lease_ms, grace_ms, deadline_ms)
        ) AS wanted
        LEFT JOIN LATERAL (
          SELECT state, expires_at FROM ${events} event WHERE event.key_hash = wanted.key_hash LIMIT 1
        ) AS seen ON true
      ), locked AS MATERIALIZED (
        SELECT wanted.*
        FROM (SELECT * FROM wanted WHERE ${hasEnded('grace_ms')} AND refusal IS NULL ORDER BY key_hash) AS wanted
        CROSS JOIN LATERAL (
          SELECT FROM ${events} event WHERE event.key_hash = wanted.key_hash AND event.expires_at <= ${NOW}
          FOR UPDATE SKIP LOCKED
        ) AS event
      ), taken AS (
        UPDATE ${events} event SET ${takeOver('locked')} FROM locked
        WHERE event.key_hash = locked.key_hash RETURNING locked.hash
      ), inserted AS (
        INSERT INTO ${events} ${claimColumns}
        SELECT key_hash, event_key, provider, type, 'claimed', 1, token, ${NOW}, ${after('lease_ms')} FROM wanted
        WHERE state IS NULL AND refusal IS NULL AND ${briefly}
        ORDER BY key_hash
        ON CONFLICT DO NOTHING RETURNING encode(key_hash, 'hex') AS hash
      ), won AS (
        TABLE taken UNION ALL TABLE inserted
      )
      SELECT hash, 'won' AS state, '0' AS left_ms, (${NOW_MS})::text AS now_ms FROM won
      UNION ALL
      SELECT hash, coalesce(refusal, state), coalesce(${leftMs('expires_at')}, '0'), now_ms FROM wanted
      WHERE (state IS NOT NULL OR refusal IS NOT NULL) AND hash NOT IN (TABLE taken)`,

    /** Parameters: $1 hash, $2 token, $3 state, $4 ms. A row that is held but not settled was locked. */
    settle: `
      WITH ${SESSION}, wanted AS (
        SELECT $3::text AS state, $4::float8 AS ms
      ), seen AS MATERIALIZED (
        SELECT FROM ${events} WHERE key_hash = decode($1, 'hex') AND token = $2 AND state = 'claimed'
      ), settled AS (
        UPDATE ${events} event SET ${settle('wanted')} FROM wanted
        WHERE event.key_hash = (
          SELECT key_hash FROM ${events} WHERE key_hash = decode($1, 'hex') AND token = $2 AND state = 'claimed' AND NOT ${IS_OPEN}
          FOR UPDATE SKIP LOCKED
        )
        RETURNING 1
      )
      SELECT $1 AS hash, CASE WHEN is_open THEN 'open' ELSE EXISTS (SELECT FROM settled)::text END AS settled FROM session
      WHERE is_open OR EXISTS (SELECT FROM settled) OR NOT EXISTS (SELECT FROM seen)`,

    /** The same for many rows, with lists as in `claimMany`. */
    settleMany: `
      WITH ${SESSION}, wanted AS MATERIALIZED (
        SELECT wanted.*, seen.held, is_open
        FROM session CROSS JOIN (
          SELECT decode(hash, 'hex') AS key_hash, *
          FROM unnest(
            (SELECT $1::text[]), (SELECT $2::text[]), (SELECT $3::text[]), (SELECT $4::float8[])
          ) AS list (hash, token, state, ms)
        ) AS wanted
        LEFT JOIN LATERAL (
          SELECT true AS held FROM ${events} event
          WHERE event.key_hash = wanted.key_hash AND event.token = wanted.token AND event.state = 'claimed' LIMIT 1
        ) AS seen ON true
      ), locked AS MATERIALIZED (
        SELECT wanted.*
        FROM (SELECT * FROM wanted WHERE held AND NOT is_open ORDER BY key_hash) AS wanted
        CROSS JOIN LATERAL (
          SELECT FROM ${events} event
          WHERE event.key_hash = wanted.key_hash AND event.token = wanted.token AND event.state = 'claimed'
          FOR UPDATE SKIP LOCKED
        ) AS event
      ), settled AS (
        UPDATE ${events} event SET ${settle('locked')} FROM locked
        WHERE event.key_hash = locked.key_hash RETURNING locked.hash
      )
      SELECT hash, 'true' AS settled FROM settled
      UNION ALL
      SELECT hash, CASE WHEN is_open THEN 'open' ELSE 'false' END FROM wanted WHERE held IS NULL OR is_open`,

    /** Parameters: $1 hash, $2 token, $3 retention. Runs in the user's transaction, which may mark an event again. */
    mark: `
      UPDATE ${events} SET state = 'done', done_at = ${NOW}, expires_at = ${after('$3::float8')}
      WHERE key_hash = decode($1, 'hex') AND token = $2
        AND (state = 'claimed' OR (state = 'done' AND ${isMarkedHere('$2')}))
      RETURNING ${rememberMark('$2')}`,

    isDone: `
      SELECT 1 FROM ${events} WHERE key_hash = decode($1, 'hex') AND token = $2 AND state = 'done'`,

    newest: `
      SELECT position_ms::text FROM ${entities} WHERE key_hash = decode($1, 'hex') AND expires_at > ${NOW}`,

    /** Parameters: $1 hash, $2 entity, $3 position, $4 retention. */
    raise: `
      INSERT INTO ${entities} AS known (key_hash, entity, position_ms, expires_at)
      VALUES (decode($1, 'hex'), $2, $3::float8, ${after('$4::float8')})
      ON CONFLICT (key_hash) DO UPDATE SET
        position_ms = CASE WHEN known.expires_at > ${NOW}
          THEN greatest(known.position_ms, excluded.position_ms) ELSE excluded.position_ms END,
        expires_at = excluded.expires_at
      RETURNING position_ms::text`,

    /** Parameters: $1 the limit, $2 how long unhandled events are kept. */
    purgeEvents: `
      DELETE FROM ${events} WHERE key_hash IN (
        SELECT key_hash FROM ${events}
        WHERE expires_at <= (SELECT ${NOW}) AND (state = 'done' OR expires_at <= ${NOW} - $2::float8 * interval '1 millisecond')
        ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
      )
      RETURNING 1`,

    purgeEntities: `
      DELETE FROM ${entities} WHERE key_hash IN (
        SELECT key_hash FROM ${entities} WHERE expires_at <= (SELECT ${NOW})
        ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
      )
      RETURNING 1`,
  }
}
