import type { TableNames } from './table-names.js'

const FORMAT = '%Y-%m-%d %H:%M:%f'
const NOW = `strftime('${FORMAT}', 'now')`
/** Returns the time in a number of milliseconds, given by a parameter. */
const after = (parameter: string) => `strftime('${FORMAT}', 'now', printf('%+.3f seconds', ${parameter} / 1000.0))`

/** Returns the statements of SQLite. Times are texts, in UTC. SQLite has one writer at a time, so no row is locked. */
export function sqliteStatements({ events, entities, eventsIndex, entitiesIndex }: TableNames) {
  return {
    migrate: `
      CREATE TABLE IF NOT EXISTS ${events} (
        key_hash BLOB NOT NULL PRIMARY KEY,
        event_key TEXT NOT NULL,
        provider TEXT NOT NULL,
        type TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        token TEXT NOT NULL,
        claimed_at TEXT NOT NULL,
        done_at TEXT,
        expires_at TEXT NOT NULL
      );
      CREATE INDEX IF NOT EXISTS ${eventsIndex} ON ${events} (expires_at);
      CREATE TABLE IF NOT EXISTS ${entities} (
        key_hash BLOB NOT NULL PRIMARY KEY,
        entity TEXT NOT NULL,
        position_ms REAL NOT NULL,
        expires_at TEXT NOT NULL
      );
      CREATE INDEX IF NOT EXISTS ${entitiesIndex} ON ${entities} (expires_at)`,

    read: `
      SELECT state, round((julianday(expires_at) - julianday('now')) * 86400000) AS left_ms FROM ${events} WHERE key_hash = unhex(?)`,

    /** Parameters: hash, key, provider, type, token, lease, grace (negative). Changes nothing while a lease or a retention lasts. */
    claim: `
      INSERT INTO ${events} (key_hash, event_key, provider, type, state, attempts, token, claimed_at, expires_at)
      VALUES (unhex(?), ?, ?, ?, 'claimed', 1, ?, ${NOW}, ${after('?')})
      ON CONFLICT (key_hash) DO UPDATE SET
        token = excluded.token, state = 'claimed', attempts = attempts + 1, provider = excluded.provider,
        type = excluded.type, claimed_at = excluded.claimed_at, done_at = NULL, expires_at = excluded.expires_at
      WHERE expires_at <= ${NOW} AND (state <> 'claimed' OR expires_at <= ${after('?')})`,

    /** Parameters: state, state, length, hash, token. */
    settle: `
      UPDATE ${events} SET state = ?, done_at = CASE ? WHEN 'done' THEN ${NOW} END, expires_at = ${after('?')}
      WHERE key_hash = unhex(?) AND token = ? AND state = 'claimed'`,

    isDone: `SELECT 1 FROM ${events} WHERE key_hash = unhex(?) AND token = ? AND state = 'done'`,

    newest: `SELECT position_ms FROM ${entities} WHERE key_hash = unhex(?) AND expires_at > ${NOW}`,

    /** Parameters: hash, entity, position, retention. */
    raise: `
      INSERT INTO ${entities} (key_hash, entity, position_ms, expires_at) VALUES (unhex(?), ?, ?, ${after('?')})
      ON CONFLICT (key_hash) DO UPDATE SET
        position_ms = CASE WHEN expires_at > ${NOW}
          THEN max(position_ms, excluded.position_ms) ELSE excluded.position_ms END,
        expires_at = excluded.expires_at
      RETURNING position_ms`,

    /** Parameters: how long unhandled events are kept, negative; the limit. */
    purgeEvents: `
      DELETE FROM ${events} WHERE key_hash IN (
        SELECT key_hash FROM ${events}
        WHERE expires_at <= ${NOW}
          AND (state = 'done' OR expires_at <= ${after('?')})
        ORDER BY expires_at LIMIT ?
      )`,
    purgeEntities: `
      DELETE FROM ${entities} WHERE key_hash IN (
        SELECT key_hash FROM ${entities} WHERE expires_at <= ${NOW} ORDER BY expires_at LIMIT ?
      )`,
  }
}
