import type { TableNames } from '../rows/table-names.js'
import { BEGINNING, byHash, few, listed, NOW, orOpen } from './postgres-words.js'

/** The statements of PostgreSQL that erase and delete entries. */
export function postgresRemovals({ entries, content, about, attempts }: TableNames) {
  /** The tokens of deleted contents say which rows of the index are theirs. */
  const deleteParts = `
    gone_content AS (
      DELETE FROM ${content} AS content USING ${few('gone')} AS gone WHERE content.entry_id = gone.id
      RETURNING gone.id, gone.first_received_at, content.about
    ), gone_attempts AS (
      DELETE FROM ${attempts} AS attempt USING ${few('gone')} AS gone WHERE attempt.entry_id = gone.id
    ), gone_token AS MATERIALIZED (
      SELECT id, first_received_at, substring(about FROM 16 * place + 1 FOR 16) AS token, 'yes' AS is_own
      FROM gone_content CROSS JOIN LATERAL generate_series(0, length(about) / 16 - 1) AS place
    ), gone_about AS (
      DELETE FROM ${about} AS about USING ${few('gone_token')} AS gone
      WHERE about.token = gone.token AND about.first_received_at = gone.first_received_at AND about.entry_id = gone.id
    )`

  return {
    /** Parameters: $1 namespace, $2 hash, $3 tokens. All or none, where somebody has locked one of them. */
    erase: `
      WITH ${BEGINNING}, target AS MATERIALIZED (
        SELECT id, 'yes' AS is_own FROM ${byHash(entries, '$2')} AS entry WHERE namespace = $1 AND state <> 'erased'
        UNION
        SELECT entry.id, 'yes' FROM ${listed('$3')} AS wanted (token)
        CROSS JOIN LATERAL (
          SELECT entry_id FROM ${about} AS about WHERE about.token = decode(wanted.token, 'hex') OFFSET 0
        ) AS about
        CROSS JOIN LATERAL (
          SELECT id, namespace FROM ${entries} AS entry WHERE entry.id = about.entry_id OFFSET 0
        ) AS entry
        WHERE entry.namespace = $1
      ), locked AS MATERIALIZED (
        SELECT entry.id, 'yes' AS is_own FROM target CROSS JOIN LATERAL (
          SELECT id FROM ${entries} AS entry WHERE entry.id = target.id AND ${NOW} IS NOT NULL FOR UPDATE SKIP LOCKED
        ) AS entry
      ), gone AS (
        UPDATE ${entries} AS entry SET
          state = 'erased', provider = '', account = NULL, type = '', due_at = NULL, token = '', lease_until = NULL,
          occurred_at = NULL, key_id = '', meta = ''
        FROM ${few('locked')} AS locked
        WHERE entry.id = locked.id AND (SELECT count(*) FROM locked) = (SELECT count(*) FROM target)
        RETURNING entry.id, entry.first_received_at, 'yes' AS is_own
      ), ${deleteParts}
      SELECT CASE WHEN (SELECT count(*) FROM locked) = (SELECT count(*) FROM target) THEN 'erased' ELSE 'locked' END AS status,
        (SELECT count(*) FROM target)::text AS entries FROM clock
      ${orOpen('NULL')}`,

    /** Parameters: $1 the hash of a key. */
    deleteErased: `
      WITH ${BEGINNING} DELETE FROM ${entries} WHERE id = (
        SELECT id FROM ${entries} WHERE hash = decode($1, 'hex') AND state = 'erased'
          AND last_received_at + window_ms <= ${NOW}
        FOR UPDATE SKIP LOCKED
      )`,

    /** Parameters: $1 namespace, $2 how long entries are kept, $3 limit. No delivery came before the first one. */
    purge: `
      WITH ${BEGINNING}, old AS MATERIALIZED (
        SELECT id FROM ${entries}
        WHERE namespace = $1 AND first_received_at < ${NOW} - $2::bigint AND last_received_at < ${NOW} - $2::bigint
          AND state NOT IN ('queued', 'erased') AND (lease_until IS NULL OR lease_until <= ${NOW})
        ORDER BY first_received_at LIMIT $3::integer FOR UPDATE SKIP LOCKED
      ), erased AS MATERIALIZED (
        SELECT id FROM ${entries}
        WHERE namespace = $1 AND state = 'erased' AND state <> 'handled' AND last_received_at + window_ms < ${NOW}
        ORDER BY first_received_at LIMIT $3::integer - (SELECT count(*) FROM old) FOR UPDATE SKIP LOCKED
      ), over AS MATERIALIZED (
        SELECT id, 'yes' AS is_own FROM old UNION ALL SELECT id, 'yes' FROM erased
      ), gone AS (
        DELETE FROM ${entries} AS entry USING ${few('over')} AS over WHERE entry.id = over.id
        RETURNING entry.id, entry.first_received_at, 'yes' AS is_own
      ), ${deleteParts}
      SELECT 'deleted' AS status, (SELECT count(*) FROM gone)::text AS entries FROM clock
      ${orOpen('NULL')}`,
  }
}
