import { AS_THEY_ARE, attemptColumns, entryColumns } from '../rows/raw-rows.js'
import type { TableNames } from '../rows/table-names.js'

/** Milliseconds since 1970, whatever the time zone of the session. */
const NOW = `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000`

/** Whether the session commits on its own. Only MariaDB shows a transaction that was left open. */
const SESSION = '@@autocommit AS autocommit /*M! , @@in_transaction AS in_transaction */'

/**
 * Any number of rows is one parameter, in JSON, so that each statement has one text and is prepared once. The lists in
 * it have their columns by position.
 */
function listed(columns: Readonly<Record<string, string>>): string {
  const written = Object.entries(columns).map(([name, type], place) => `${name} ${type} PATH '$[${place}]'`)
  return `JSON_TABLE(CONVERT(? USING utf8mb4), '$[*]' COLUMNS (${written.join(', ')})) AS wanted`
}

const HASHES = listed({ hash: 'char(64)' })
const IDS = listed({ id: 'bigint' })

/** Of an entry, before it is changed. */
const KNOWN = [
  ...['id', 'hash', 'namespace', 'state', 'generation', 'is_limited', 'window_ms', 'retry_span_ms', 'key_id', 'runs'],
  'format',
  ...[
    'first_received_at',
    'last_received_at',
    'due_at',
    'token',
    'lease_until',
    'attempt_count',
    'run_number',
    'run_source',
  ],
  'run_started_at',
]
  .map((name) => `entry.${name}`)
  .join(', ')

const ATTEMPT = ['entry_id', 'number', 'ended_at', 'source', 'kind', 'status', 'code', 'duration_ms', 'key_id']

const ENTRY = {
  id: 'bigint',
  hash: 'char(64)',
  key_hash: 'char(64)',
  generation: 'int',
  namespace: 'text',
  provider: 'text',
  account: 'text',
  type: 'text',
  state: 'text',
  first_received_at: 'bigint',
  due_at: 'bigint',
  token: 'text',
  lease_until: 'bigint',
  window_ms: 'bigint',
  is_limited: 'tinyint',
  retry_span_ms: 'bigint',
  occurred_at: 'bigint',
  key_id: 'text',
  format: 'int',
  meta: 'longtext',
} as const

/** Only MariaDB reads this: an entry that another statement has just inserted is not waited for any longer. */
const BRIEFLY = '/*M! SET STATEMENT innodb_lock_wait_timeout = 1 FOR */'

/**
 * The statements of MariaDB and MySQL. Entries are looked for without locks, and then locked by their ids where that can
 * be done at once: a search that locks would also lock the gaps between what it finds. Joins are made by the primary key whatever the tables look
 * like: a scan would meet the locks of rows that nobody asked for.
 */
export function mysqlStatements({ entries, content, about, attempts, refusals, meta }: TableNames) {
  const byId = (source: string) =>
    `FROM ${source} STRAIGHT_JOIN ${entries} AS entry FORCE INDEX (PRIMARY) ON entry.id = wanted.id`

  return {
    session: `SELECT ${SESSION}`,
    lockMigration: `SELECT GET_LOCK('mailbox_hooks_migrate', 60) AS locked`,
    unlockMigration: `SELECT RELEASE_LOCK('mailbox_hooks_migrate')`,
    insertJournalId: `INSERT IGNORE INTO ${meta} (name, value) VALUES ('journal_id', UNHEX(?))`,
    journalId: `SELECT value FROM ${meta} WHERE name = 'journal_id'`,

    /** A row for each hash, also where there is no entry, with the time and the session. */
    newest: `
      SELECT wanted.hash AS wanted, ${NOW} AS now, ${SESSION}, ${KNOWN}
      FROM ${HASHES} LEFT JOIN ${entries} AS entry ON entry.id = (
        SELECT id FROM ${entries} WHERE key_hash = UNHEX(wanted.hash) ORDER BY generation DESC LIMIT 1
      )`,
    byHash: `
      SELECT wanted.hash AS wanted, ${NOW} AS now, ${SESSION}, ${KNOWN}
      FROM ${HASHES} LEFT JOIN ${entries} AS entry FORCE INDEX (hash) ON entry.hash = UNHEX(wanted.hash)`,

    /** In a transaction of the journal's own, by ids. What others have locked is left out. */
    lock: `SELECT ${KNOWN} ${byId(IDS)} FOR UPDATE SKIP LOCKED`,

    /** Ids, now. By itself: for entries that change in nothing else. */
    touch: `
      UPDATE (
        SELECT entry.id ${byId(IDS)} LIMIT 1000000 FOR UPDATE SKIP LOCKED
      ) AS wanted STRAIGHT_JOIN ${entries} AS entry FORCE INDEX (PRIMARY) ON entry.id = wanted.id
      SET entry.last_received_at = GREATEST(entry.last_received_at, ?)`,

    insert: `
      ${BRIEFLY} INSERT IGNORE INTO ${entries} (${Object.keys(ENTRY).join(', ')},
        last_received_at, attempt_count, runs, run_number, run_source, run_started_at)
      SELECT id, UNHEX(hash), UNHEX(key_hash), generation, namespace, provider, account, type, state, first_received_at, due_at,
        token, lease_until, window_ms, is_limited, retry_span_ms, occurred_at, key_id, format, FROM_BASE64(meta),
        first_received_at, 1, 0, 1, 'provider', first_received_at
      FROM ${listed(ENTRY)} ORDER BY hash`,
    insertContent: `
      INSERT INTO ${content} (entry_id, about, content) SELECT entry_id, UNHEX(about), FROM_BASE64(content)
      FROM ${listed({ entry_id: 'bigint', about: 'longtext', content: 'longtext' })}`,
    insertAbout: `
      INSERT INTO ${about} (token, first_received_at, entry_id) SELECT UNHEX(token), first_received_at, entry_id
      FROM ${listed({ token: 'char(32)', first_received_at: 'bigint', entry_id: 'bigint' })} ORDER BY token, entry_id`,

    /** Of entries that are locked. */
    run: `
      UPDATE ${listed({
        ...{ id: 'bigint', state: 'text', due_at: 'bigint', runs: 'int', token: 'text', lease_until: 'bigint' },
        ...{ number: 'int', source: 'text', now: 'bigint', last_received_at: 'bigint' },
      })} STRAIGHT_JOIN ${entries} AS entry FORCE INDEX (PRIMARY) ON entry.id = wanted.id
      SET entry.state = wanted.state, entry.due_at = wanted.due_at, entry.runs = wanted.runs, entry.token = wanted.token,
        entry.lease_until = wanted.lease_until, entry.attempt_count = wanted.number, entry.run_number = wanted.number,
        entry.run_source = wanted.source, entry.run_started_at = wanted.now,
        entry.last_received_at = GREATEST(entry.last_received_at, wanted.last_received_at)`,
    finish: `
      UPDATE ${listed({ id: 'bigint', state: 'text', due_at: 'bigint' })}
      STRAIGHT_JOIN ${entries} AS entry FORCE INDEX (PRIMARY) ON entry.id = wanted.id
      SET entry.state = wanted.state, entry.due_at = wanted.due_at, entry.lease_until = NULL`,
    count: `
      UPDATE ${listed({ id: 'bigint', attempt_count: 'int', last_received_at: 'bigint' })}
      STRAIGHT_JOIN ${entries} AS entry FORCE INDEX (PRIMARY) ON entry.id = wanted.id
      SET entry.attempt_count = wanted.attempt_count,
        entry.last_received_at = GREATEST(entry.last_received_at, wanted.last_received_at)`,
    writeAttempts: `
      INSERT INTO ${attempts} (${ATTEMPT.join(', ')}, error)
      SELECT ${ATTEMPT.join(', ')}, FROM_BASE64(error) FROM ${listed({
        ...{ entry_id: 'bigint', number: 'int', ended_at: 'bigint', source: 'text', kind: 'text', status: 'int' },
        ...{ code: 'text', duration_ms: 'bigint', key_id: 'text', error: 'longtext' },
      })} ORDER BY entry_id, number
      ON DUPLICATE KEY UPDATE ${[...ATTEMPT.slice(2), 'error'].map((name) => `${name} = VALUES(${name})`).join(', ')}`,
    trim: `
      DELETE attempt FROM ${listed({ entry_id: 'bigint', up_to: 'int' })}
      STRAIGHT_JOIN ${attempts} AS attempt FORCE INDEX (PRIMARY)
        ON attempt.entry_id = wanted.entry_id AND attempt.number > 1 AND attempt.number <= wanted.up_to`,

    /** The end of the lease, twice, and the id. */
    extend: `
      UPDATE ${entries} SET lease_until = ?, due_at = IF(state = 'received', ?, NULL) WHERE id = ?`,

    /** Id, token. Runs in the user's transaction, where a search by hash would lock the gap beside it, too. */
    mark: `
      UPDATE ${entries} SET state = 'handled', due_at = NULL, lease_until = NULL
      WHERE id = ? AND token = ? AND lease_until IS NOT NULL`,
    isHandled: `
      SELECT 1 AS one FROM ${entries}
      WHERE hash = UNHEX(?) AND token = ? AND state = 'handled' AND lease_until IS NULL`,

    now: `SELECT ${NOW} AS now, ${SESSION}`,

    /** Namespace, key id, now, since when a lease must have ended, format, limit as a text. */
    due: `
      SELECT id, due_at FROM ${entries}
      WHERE namespace = ? AND key_id = ? AND due_at <= CAST(? AS SIGNED)
        AND (state <> 'received' OR due_at <= CAST(? AS SIGNED)) AND format <= ?
      ORDER BY due_at, id LIMIT ?`,

    read: `
      SELECT ${entryColumns(AS_THEY_ARE)}, content.content, ${attemptColumns(AS_THEY_ARE)}
      FROM ${HASHES}
      STRAIGHT_JOIN ${entries} AS entry FORCE INDEX (hash) ON entry.hash = UNHEX(wanted.hash)
      STRAIGHT_JOIN ${content} AS content FORCE INDEX (PRIMARY) ON content.entry_id = entry.id
      LEFT JOIN ${attempts} AS attempt ON attempt.entry_id = entry.id
      WHERE entry.namespace = ? AND entry.state <> 'erased'
      ORDER BY entry.id, attempt.number`,

    /** Tokens, namespace. */
    about: `
      SELECT DISTINCT entry.id FROM ${listed({ token: 'char(32)' })}
      STRAIGHT_JOIN ${about} AS about ON about.token = UNHEX(wanted.token)
      STRAIGHT_JOIN ${entries} AS entry ON entry.id = about.entry_id
      WHERE entry.namespace = ?`,
    /** Lookups, namespace. */
    newer: `
      SELECT DISTINCT wanted.hash
      FROM ${listed({ hash: 'char(20)', token: 'char(32)', occurred_after: 'bigint', since: 'bigint' })}
      STRAIGHT_JOIN ${about} AS about FORCE INDEX (PRIMARY) ON about.token = UNHEX(wanted.token)
        AND about.first_received_at >= wanted.since
      STRAIGHT_JOIN ${entries} AS entry FORCE INDEX (PRIMARY) ON entry.id = about.entry_id
      WHERE entry.namespace = ? AND entry.state = 'handled' AND entry.occurred_at > wanted.occurred_after`,
    erase: `
      UPDATE ${IDS} STRAIGHT_JOIN ${entries} AS entry FORCE INDEX (PRIMARY) ON entry.id = wanted.id
      SET entry.state = 'erased', entry.provider = '', entry.account = NULL, entry.type = '', entry.due_at = NULL,
        entry.token = '', entry.lease_until = NULL, entry.occurred_at = NULL, entry.key_id = '', entry.meta = ''`,

    /** What hangs on entries; the tokens tell which rows of the index are theirs. */
    tokensOf: `
      SELECT content.entry_id, content.about FROM ${IDS}
      STRAIGHT_JOIN ${content} AS content FORCE INDEX (PRIMARY) ON content.entry_id = wanted.id`,
    deleteAbout: `
      DELETE about FROM ${listed({ token: 'char(32)', first_received_at: 'bigint', entry_id: 'bigint' })}
      STRAIGHT_JOIN ${about} AS about FORCE INDEX (PRIMARY) ON about.token = UNHEX(wanted.token)
        AND about.first_received_at = wanted.first_received_at AND about.entry_id = wanted.entry_id`,
    deleteAttempts: `
      DELETE attempt FROM ${IDS} STRAIGHT_JOIN ${attempts} AS attempt FORCE INDEX (PRIMARY) ON attempt.entry_id = wanted.id`,
    deleteContent: `
      DELETE content FROM ${IDS} STRAIGHT_JOIN ${content} AS content FORCE INDEX (PRIMARY) ON content.entry_id = wanted.id`,
    deleteEntries: `
      DELETE entry FROM ${IDS} STRAIGHT_JOIN ${entries} AS entry FORCE INDEX (PRIMARY) ON entry.id = wanted.id`,

    /** Namespace, before, before, now, limit as a text. No delivery came before the first one. */
    old: `
      SELECT id FROM ${entries} FORCE INDEX (newest)
      WHERE namespace = ? AND first_received_at < CAST(? AS SIGNED) AND last_received_at < CAST(? AS SIGNED)
        AND state NOT IN ('queued', 'erased') AND (lease_until IS NULL OR lease_until <= CAST(? AS SIGNED))
      ORDER BY first_received_at LIMIT ?`,
    oldErased: `
      SELECT id FROM ${entries} FORCE INDEX (state)
      WHERE namespace = ? AND state = 'erased' AND last_received_at + window_ms < CAST(? AS SIGNED)
      ORDER BY first_received_at LIMIT ?`,

    stats: `
      SELECT provider, account, state, COUNT(*) AS entries, MAX(last_received_at) AS last_received_at
      FROM ${entries} FORCE INDEX (stats)
      WHERE namespace = ? AND state <> 'erased' GROUP BY provider, account, state`,

    /** Id, namespace, now, code, provider, key id, content. */
    insertRefusal: `
      INSERT INTO ${refusals} (id, namespace, added_at, code, provider, key_id, content)
      VALUES (UNHEX(?), ?, ?, ?, ?, ?, FROM_BASE64(?))`,
    /** Namespace, how many stay, as a text. */
    firstToGo: `SELECT number FROM ${refusals} WHERE namespace = ? ORDER BY number DESC LIMIT 1 OFFSET ?`,
    trimRefusals: `DELETE FROM ${refusals} WHERE namespace = ? AND number <= ?`,
    /** Namespace, limit as a text. */
    refusals: `
      SELECT id, added_at, code, provider, key_id, content FROM ${refusals}
      WHERE namespace = ? ORDER BY number DESC LIMIT ?`,
  }
}

export type MysqlStatements = ReturnType<typeof mysqlStatements>
