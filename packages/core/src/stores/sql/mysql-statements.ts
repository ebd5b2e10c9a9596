import type { ClaimRow, SettleRow } from './dialect.js'
import type { TableNames } from './table-names.js'

const NOW = 'UTC_TIMESTAMP(3)'
const after = (ms: string) => `${NOW} + INTERVAL ${ms} * 1000 MICROSECOND`
/** Milliseconds since 1970, at this moment. The other functions tell when the statement arrived, before any wait. */
const NOW_MS = `(
  TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${NOW}) + TIMESTAMPDIFF(MICROSECOND, NOW(3), SYSDATE(3))) / 1000`
/** A lease that ended in an outage still belongs to its holder for a while. */
const HAS_ENDED = `event.expires_at <= ${NOW}
  AND (event.state <> 'claimed' OR event.expires_at + INTERVAL wanted.grace_ms * 1000 MICROSECOND <= ${NOW})`

/**
 * Passes any number of rows as one JSON parameter, so that each statement has one text and is prepared once. The conversion
 * decodes the escapes in the JSON, which would otherwise become characters of the connection's charset.
 */
const list = (columns: string) => `JSON_TABLE(CONVERT(? USING utf8mb4), '$[*]' COLUMNS (${columns})) AS wanted`

const CLAIMS = list(`
  hash char(64) PATH '$[0]', token text PATH '$[1]', event_key text PATH '$[2]', provider text PATH '$[3]',
  type text PATH '$[4]', lease_ms double PATH '$[5]', grace_ms double PATH '$[6]', deadline_ms double PATH '$[7]'`)
const SETTLEMENTS = list(`
  hash char(64) PATH '$[0]', token text PATH '$[1]', state text PATH '$[2]', ms double PATH '$[3]'`)

/** A claim with the time after which it is too late, by the database's clock, in milliseconds since 1970. */
export interface TimedRow extends ClaimRow {
  readonly deadlineMs: number
}

/** Uses lists, because objects, which name their columns in each row, take a third longer. */
export const claimsAsJson = (rows: readonly TimedRow[]) =>
  asciiJson(
    rows.map((row) => [row.hash, row.token, row.key, row.provider, row.type, row.leaseMs, row.graceMs, row.deadlineMs]),
  )

export const settlementsAsJson = (rows: readonly SettleRow[]) =>
  asciiJson(rows.map(({ hash, token, state, ms }) => [hash, token, state, ms]))

/** In characters that every charset of a connection has. */
const asciiJson = (value: unknown) =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A text as a parameter, in hex, for the same reason. */
export const textAsHex = (text: string) => Buffer.from(text).toString('hex')

/** Compares bytes, because the collations of a column and of a list differ, and most ignore trailing spaces. */
const IS_TOKENS = 'CAST(event.token AS BINARY) = CAST(wanted.token AS BINARY)'
const IS_HELD = `${IS_TOKENS} AND event.state = 'claimed'`

/** Reads whether the session commits on its own. Only MariaDB shows a transaction that was left open. */
const SESSION = '@@autocommit AS autocommit /*M! , @@in_transaction AS in_transaction */'
const IS_COMMITTED = '@@autocommit /*M! AND NOT @@in_transaction */'

/** The LIMIT is never reached. It separates the locked rows from the rows that are then changed. */
const LOCKED_AT_ONCE = 'ORDER BY wanted.hash LIMIT 1000000 FOR UPDATE SKIP LOCKED'

/** Limits the wait for a row that an open transaction has just inserted. Only MariaDB reads this comment. */
const BRIEFLY = '/*M! SET STATEMENT innodb_lock_wait_timeout = 1 FOR */'

/** Returns the statements of MariaDB and MySQL. */
export function mysqlStatements({ events, entities }: TableNames) {
  /** Forces the primary key, because a scan would meet the locks of unrelated rows. */
  const EVENT = `${events} AS event FORCE INDEX (PRIMARY) ON event.key_hash = UNHEX(wanted.hash)`
  const JOIN_EVENT = `STRAIGHT_JOIN ${EVENT}`

  const settle = (condition: string) => `
    UPDATE (
      SELECT wanted.* FROM ${SETTLEMENTS} ${JOIN_EVENT}
      WHERE ${IS_HELD} ${condition} ${LOCKED_AT_ONCE}
    ) AS wanted ${JOIN_EVENT}
    SET event.state = wanted.state, event.done_at = IF(wanted.state = 'done', ${NOW}, NULL),
      event.expires_at = ${after('wanted.ms')}`

  return {
    lockMigration: `SELECT GET_LOCK('mailbox_hooks_migrate', 60) AS locked`,
    unlockMigration: `SELECT RELEASE_LOCK('mailbox_hooks_migrate')`,
    createEvents: `
      CREATE TABLE IF NOT EXISTS ${events} (
        key_hash binary(32) PRIMARY KEY,
        event_key text NOT NULL,
        provider text NOT NULL,
        type text NOT NULL,
        state varchar(16) NOT NULL,
        attempts int NOT NULL,
        token varchar(64) NOT NULL,
        claimed_at datetime(3) NOT NULL,
        done_at datetime(3),
        expires_at datetime(3) NOT NULL,
        INDEX expires_at (expires_at)
      ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
    createEntities: `
      CREATE TABLE IF NOT EXISTS ${entities} (
        key_hash binary(32) PRIMARY KEY,
        entity text NOT NULL,
        position_ms double NOT NULL,
        expires_at datetime(3) NOT NULL,
        INDEX expires_at (expires_at)
      ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,

    session: `SELECT ${SESSION}`,

    /** A row for each key, also where there is none in the table. */
    read: `
      SELECT wanted.hash, IF(${IS_TOKENS}, 'won', event.state) AS state,
        TIMESTAMPDIFF(MICROSECOND, ${NOW}, event.expires_at) / 1000 AS left_ms,
        ${NOW_MS} AS now_ms, ${SESSION}
      FROM ${CLAIMS} LEFT JOIN ${EVENT}`,

    /** Inserts keys that were just seen to be absent, so it does not wait for other rows. */
    insert: `
      ${BRIEFLY} INSERT IGNORE INTO ${events}
        (key_hash, event_key, provider, type, state, attempts, token, claimed_at, expires_at)
      SELECT UNHEX(hash), event_key, provider, type, 'claimed', 1, token, ${NOW}, ${after('lease_ms')}
      FROM ${CLAIMS} WHERE ${IS_COMMITTED} AND ${NOW_MS} <= deadline_ms ORDER BY hash`,

    takeOver: `
      UPDATE (
        SELECT wanted.* FROM ${CLAIMS} ${JOIN_EVENT}
        WHERE ${HAS_ENDED} AND ${IS_COMMITTED} AND ${NOW_MS} <= wanted.deadline_ms ${LOCKED_AT_ONCE}
      ) AS wanted ${JOIN_EVENT}
      SET event.token = wanted.token, event.state = 'claimed', event.attempts = event.attempts + 1,
        event.provider = wanted.provider, event.type = wanted.type,
        event.claimed_at = ${NOW}, event.done_at = NULL, event.expires_at = ${after('wanted.lease_ms')}`,

    settle: settle(`AND ${IS_COMMITTED}`),
    /** In a transaction of the store's own. */
    settleAll: settle(''),

    readHeld: `SELECT ${SESSION} FROM ${SETTLEMENTS} ${JOIN_EVENT} WHERE ${IS_HELD}`,

    /** Parameters: retention, hash, token. Runs in the user's transaction. */
    mark: `
      UPDATE ${events} SET state = 'done', done_at = ${NOW}, expires_at = ${after('?')}
      WHERE key_hash = UNHEX(?) AND token = ? AND state = 'claimed'`,

    isDone: `
      SELECT 1 FROM ${events} WHERE key_hash = UNHEX(?) AND token = ? AND state = 'done'`,

    newest: `
      SELECT position_ms FROM ${entities} WHERE key_hash = UNHEX(?) AND expires_at > ${NOW}`,

    /** Parameters: hash, entity in hex, position, retention. Sets the position first, because it depends on the old end. */
    raise: `
      INSERT INTO ${entities} (key_hash, entity, position_ms, expires_at)
      SELECT UNHEX(?), CONVERT(UNHEX(?) USING utf8mb4), ?, ${after('?')} FROM DUAL WHERE ${IS_COMMITTED}
      ON DUPLICATE KEY UPDATE
        position_ms = IF(expires_at > ${NOW}, GREATEST(position_ms, VALUES(position_ms)), VALUES(position_ms)),
        expires_at = VALUES(expires_at)`,

    /** Parameters: how long unhandled events are kept, the limit. */
    purgeEvents: `
      DELETE event FROM (
        SELECT key_hash FROM ${events}
        WHERE ${IS_COMMITTED} AND expires_at <= ${NOW} AND (state = 'done' OR expires_at + INTERVAL ? * 1000 MICROSECOND <= ${NOW})
        ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED
      ) AS ended STRAIGHT_JOIN ${events} AS event USING (key_hash)`,
    purgeEntities: `
      DELETE entity FROM (
        SELECT key_hash FROM ${entities} WHERE ${IS_COMMITTED} AND expires_at <= ${NOW}
        ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED
      ) AS ended STRAIGHT_JOIN ${entities} AS entity USING (key_hash)`,
  }
}
