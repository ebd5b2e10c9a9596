import { AS_THEY_ARE, attemptColumns, entryColumns } from '../rows/raw-rows.js'
import type { TableNames } from '../rows/table-names.js'

/** Of the newest entry of a key. */
const KNOWN = `
  id, hash, state, generation, is_limited, window_ms, last_received_at, due_at, token, lease_until, namespace, key_id,
  format, first_received_at, retry_span_ms, attempt_count, runs, run_number, run_source, run_started_at`

/**
 * The statements of SQLite. There is one writer at a time, so nothing is locked row by row. Hashes and tokens are given
 * as hex: libsql takes bytes that are the only parameter for an object of named ones, and aborts the process.
 */
export function sqliteStatements(names: TableNames) {
  const { entries, content, about, attempts, refusals, meta } = names
  /** node:sqlite takes bytes of no length for NULL. */
  const blob = `ifnull(?, x'')`

  return {
    migrate: `
      CREATE TABLE IF NOT EXISTS ${entries} (
        id INTEGER PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        key_hash BLOB NOT NULL,
        generation INTEGER NOT NULL,
        namespace TEXT NOT NULL,
        provider TEXT NOT NULL,
        account TEXT,
        type TEXT NOT NULL,
        state TEXT NOT NULL,
        first_received_at INTEGER NOT NULL,
        last_received_at INTEGER NOT NULL,
        due_at INTEGER,
        attempt_count INTEGER NOT NULL,
        runs INTEGER NOT NULL,
        token TEXT NOT NULL,
        lease_until INTEGER,
        run_number INTEGER NOT NULL,
        run_source TEXT NOT NULL,
        run_started_at INTEGER NOT NULL,
        window_ms INTEGER NOT NULL,
        is_limited INTEGER NOT NULL,
        retry_span_ms INTEGER NOT NULL,
        occurred_at INTEGER,
        key_id TEXT NOT NULL,
        format INTEGER NOT NULL,
        meta BLOB NOT NULL
      );
      CREATE UNIQUE INDEX IF NOT EXISTS ${names.again} ON ${entries} (key_hash, generation) WHERE generation > 0;
      CREATE INDEX IF NOT EXISTS ${names.newest} ON ${entries} (namespace, first_received_at);
      CREATE INDEX IF NOT EXISTS ${names.state} ON ${entries} (namespace, state, first_received_at)
        WHERE state <> 'handled';
      CREATE INDEX IF NOT EXISTS ${names.stats}
        ON ${entries} (namespace, provider, account, state, last_received_at);
      CREATE INDEX IF NOT EXISTS ${names.due} ON ${entries} (namespace, key_id, due_at) WHERE due_at IS NOT NULL;
      CREATE TABLE IF NOT EXISTS ${content} (
        entry_id INTEGER PRIMARY KEY,
        about BLOB NOT NULL,
        content BLOB NOT NULL
      );
      CREATE TABLE IF NOT EXISTS ${about} (
        token BLOB NOT NULL,
        first_received_at INTEGER NOT NULL,
        entry_id INTEGER NOT NULL,
        PRIMARY KEY (token, first_received_at, entry_id)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS ${attempts} (
        entry_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        source TEXT NOT NULL,
        kind TEXT NOT NULL,
        status INTEGER NOT NULL,
        code TEXT,
        duration_ms INTEGER NOT NULL,
        error BLOB,
        key_id TEXT NOT NULL,
        PRIMARY KEY (entry_id, number)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS ${refusals} (
        number INTEGER PRIMARY KEY,
        id BLOB NOT NULL,
        namespace TEXT NOT NULL,
        added_at INTEGER NOT NULL,
        code TEXT NOT NULL,
        provider TEXT,
        key_id TEXT NOT NULL,
        content BLOB NOT NULL
      );
      CREATE INDEX IF NOT EXISTS ${names.newestRefusals} ON ${refusals} (namespace, number);
      CREATE TABLE IF NOT EXISTS ${meta} (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID`,

    insertJournalId: `INSERT OR IGNORE INTO ${meta} (name, value) VALUES ('journal_id', unhex(?))`,
    journalId: `SELECT value FROM ${meta} WHERE name = 'journal_id'`,

    now: `SELECT CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) AS now`,

    newestAgain: `SELECT ${KNOWN} FROM ${entries} WHERE key_hash = unhex(?) AND generation > 0 ORDER BY generation DESC LIMIT 1`,
    byHash: `SELECT ${KNOWN} FROM ${entries} WHERE hash = unhex(?)`,
    held: `SELECT ${KNOWN} FROM ${entries} WHERE hash = unhex(?) AND token = ? AND lease_until IS NOT NULL`,

    insert: `
      INSERT INTO ${entries} (
        hash, key_hash, generation, namespace, provider, account, type, state, first_received_at, last_received_at,
        due_at, attempt_count, runs, token, lease_until, run_number, run_source, run_started_at, window_ms, is_limited,
        retry_span_ms, occurred_at, key_id, format, meta
      ) VALUES (unhex(?), unhex(?), ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?, 1, 'provider', ?, ?, ?, ?, ?, ?, ?, ${blob})
      RETURNING id`,
    insertContent: `INSERT INTO ${content} (entry_id, about, content) VALUES (?, unhex(?), ${blob})`,
    insertAbout: `INSERT INTO ${about} (token, first_received_at, entry_id) VALUES (unhex(?), ?, ?)`,

    /** Of an entry that is delivered again: now, id. */
    touch: `UPDATE ${entries} SET last_received_at = max(last_received_at, ?) WHERE id = ?`,

    /** State, due, runs, token, lease, count, number, source, now, id. */
    run: `
      UPDATE ${entries} SET
        state = ?, due_at = ?, runs = ?, token = ?, lease_until = ?, attempt_count = ?, run_number = ?, run_source = ?,
        run_started_at = ?
      WHERE id = ?`,

    /** Lease, lease, hash, token. */
    extend: `
      UPDATE ${entries} SET lease_until = ?, due_at = CASE state WHEN 'received' THEN ? END
      WHERE hash = unhex(?) AND token = ? AND lease_until IS NOT NULL`,

    /** State, due, id. */
    finish: `UPDATE ${entries} SET state = ?, due_at = ?, lease_until = NULL WHERE id = ?`,

    /** Hash, token. */
    mark: `
      UPDATE ${entries} SET state = 'handled', due_at = NULL, lease_until = NULL
      WHERE hash = unhex(?) AND token = ? AND lease_until IS NOT NULL`,
    isHandled: `
      SELECT 1 FROM ${entries} WHERE hash = unhex(?) AND token = ? AND state = 'handled' AND lease_until IS NULL`,

    count: `UPDATE ${entries} SET attempt_count = attempt_count + 1 WHERE id = ?`,
    insertAttempt: `
      INSERT OR REPLACE INTO ${attempts} (
        entry_id, number, ended_at, source, kind, status, code, duration_ms, error, key_id
      ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    trim: `DELETE FROM ${attempts} WHERE entry_id = ? AND number > 1 AND number <= ?`,

    /** Namespace, key id, now, since when a lease must have ended, format, limit. */
    due: `
      SELECT ${KNOWN} FROM ${entries}
      WHERE namespace = ? AND key_id = ? AND due_at <= ?
        AND (state <> 'received' OR due_at <= ?) AND format <= ?
      ORDER BY due_at, id LIMIT ?`,

    /** Namespace, hash. */
    read: `
      SELECT ${entryColumns(AS_THEY_ARE)}, content.content, ${attemptColumns(AS_THEY_ARE)}
      FROM ${entries} AS entry
      JOIN ${content} AS content ON content.entry_id = entry.id
      LEFT JOIN ${attempts} AS attempt ON attempt.entry_id = entry.id
      WHERE entry.namespace = ? AND entry.hash = unhex(?) AND entry.state <> 'erased'
      ORDER BY attempt.number`,

    /** Token, namespace. */
    about: `
      SELECT entry.id, entry.first_received_at FROM ${about} AS about JOIN ${entries} AS entry ON entry.id = about.entry_id
      WHERE about.token = unhex(?) AND entry.namespace = ?`,
    /** Token, since, namespace, after. The newest are looked at first. */
    newer: `
      SELECT 1 FROM ${about} AS about JOIN ${entries} AS entry ON entry.id = about.entry_id
      WHERE about.token = unhex(?) AND about.first_received_at >= ?
        AND entry.namespace = ? AND entry.state = 'handled' AND entry.occurred_at > ?
      ORDER BY about.first_received_at DESC LIMIT 1`,
    erase: `
      UPDATE ${entries} SET
        state = 'erased', provider = '', account = NULL, type = '', due_at = NULL, token = '', lease_until = NULL,
        occurred_at = NULL, key_id = '', meta = x''
      WHERE id = ?`,

    /** What hangs on an entry; the tokens tell which rows of the index are its. */
    tokensOf: `SELECT about FROM ${content} WHERE entry_id = ?`,
    deleteAbout: `DELETE FROM ${about} WHERE token = unhex(?) AND first_received_at = ? AND entry_id = ?`,
    deleteAttempts: `DELETE FROM ${attempts} WHERE entry_id = ?`,
    deleteContent: `DELETE FROM ${content} WHERE entry_id = ?`,
    deleteEntry: `DELETE FROM ${entries} WHERE id = ?`,

    /** Namespace, now, before, before, now, limit. Nothing was delivered for the last time before it came first. */
    old: `
      SELECT id, first_received_at FROM ${entries}
      WHERE namespace = ? AND first_received_at < ? AND last_received_at < ? AND state NOT IN ('queued', 'erased')
        AND (lease_until IS NULL OR lease_until <= ?)
      ORDER BY first_received_at LIMIT ?`,
    /** Namespace, now, limit. */
    oldErased: `
      SELECT id, first_received_at FROM ${entries}
      WHERE namespace = ? AND state = 'erased' AND state <> 'handled' AND last_received_at + window_ms < ?
      ORDER BY first_received_at LIMIT ?`,

    /** Read of an index alone, which has every column of it. */
    stats: `
      SELECT provider, account, state, count(*) AS entries, max(last_received_at) AS last_received_at
      FROM ${entries} INDEXED BY ${names.stats}
      WHERE namespace = ? AND state <> 'erased' GROUP BY provider, account, state`,

    insertRefusal: `
      INSERT INTO ${refusals} (id, namespace, added_at, code, provider, key_id, content)
      VALUES (unhex(?), ?, ?, ?, ?, ?, ${blob})`,
    /** Namespace, namespace, how many stay. */
    trimRefusals: `
      DELETE FROM ${refusals} WHERE namespace = ? AND number <= (
        SELECT number FROM ${refusals} WHERE namespace = ? ORDER BY number DESC LIMIT 1 OFFSET ?
      )`,
    refusals: `
      SELECT id, added_at, code, provider, key_id, content FROM ${refusals}
      WHERE namespace = ? ORDER BY number DESC LIMIT ?`,
  }
}

export type SqliteStatements = ReturnType<typeof sqliteStatements>
