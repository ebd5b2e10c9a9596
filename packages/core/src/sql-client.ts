export { claimLost } from './errors.js'
export {
  type Check,
  optional,
  type Rule,
  type Rules,
  readOptions,
  WHOLE,
  type WithDefaults,
  withDefault,
  YES_OR_NO,
} from './options/option-rules.js'
export { LostClaims } from './stores/lost-claims.js'
export { OutageWatch } from './stores/outage-watch.js'
export { type OtherClient, refuseOthers } from './stores/refuse-others.js'
export {
  BATCHED,
  BATCHED_IN_PROCESS,
  type BatchedRow,
  Batcher,
  type BatcherOptions,
  type BatchLimits,
  UNBATCHED,
} from './stores/sql/batcher.js'
export { readable } from './stores/sql/event-hash.js'
export {
  change,
  type MysqlConnectionLike,
  type MysqlExecutor,
  type MysqlPoolLike,
  onConnection,
  rowsOf,
  transactionOn,
} from './stores/sql/mysql-client.js'
export { checkSession, type SessionRow } from './stores/sql/mysql-store.js'
export { NOT_MYSQL2, NOT_POSTGRES, NOT_SQLITE } from './stores/sql/other-sql-clients.js'
export { isPostgresClient, PostgresClient, type PostgresClientLike } from './stores/sql/postgres-client.js'
export { isMarkedHere, rememberMark } from './stores/sql/postgres-marks.js'
export { rethrowAdvised } from './stores/sql/rethrow-advised.js'
export { ServerClock } from './stores/sql/server-clock.js'
export { leftOpenTransaction, unreadableRows } from './stores/sql/session-failures.js'
export { isConflict, isRefusal } from './stores/sql/sql-errors.js'
export {
  isInTransaction,
  refusePromises,
  SqliteClient,
  type SqliteDatabaseLike,
} from './stores/sql/sqlite-client.js'
export { SqliteMarks } from './stores/sql/sqlite-marks.js'
export { quoter, tableRule } from './stores/sql/table-names.js'
export { untilDecided } from './stores/sql/until-decided.js'
export { markWithin } from './stores/sql/within.js'
