import type { OtherClient } from '../refuse-others.js'
import { isTaggedConnection, isTaggedSql } from './tagged-sql.js'

/** Pools and clients that have a method `query`, but with other arguments or results than pg. */
export const NOT_POSTGRES: readonly OtherClient[] = [
  {
    isIt: (has, client) => typeof client === 'function' && has('query') && !has('connect'),
    advice:
      'neon() of @neondatabase/serverless sends statements over HTTP and returns rows in another form. Pass its Pool, or ' +
      'a Pool of pg',
  },
  {
    isIt: (has, client) => '$pool' in client || has('oneOrNone', 'manyOrNone'),
    advice: 'this is a database of pg-promise. Pass its pool: db.$pool',
  },
  {
    isIt: (has) => has('escapeId'),
    advice:
      'this is a client of MySQL or MariaDB. mysqlStore and mysqlJournal take a pool of mysql2/promise; pass a Pool of pg here',
  },
  {
    isIt: (has) => has('getQueryInterface') || has('createQueryRunner') || has('maybeOne', 'anyFirst'),
    advice: 'this is a query builder or an object mapper. Pass a Pool of pg instead',
  },
  {
    isIt: (_has, client) => isTaggedSql(client) && isTaggedConnection(client),
    advice: 'this is a transaction, or a reserved connection. Pass sql itself',
  },
  {
    isIt: (has) => has('querySync'),
    advice: 'pg-native uses callbacks. Pass a Pool or Client of pg',
  },
]

/** Pools that have the methods of a promise pool of mysql2, but with other arguments or results. */
export const NOT_MYSQL2: readonly OtherClient[] = [
  {
    isIt: (has) => has('importFile') || (has('batch') && has('escapeId')),
    advice:
      'the mariadb connector returns rows in another form. Pass a pool of mysql2/promise, which also connects to MariaDB',
  },
  {
    isIt: (has) => has('getConnection', 'of', 'add'),
    advice: 'a cluster of pools is several databases, and a claim must be in one. Pass one pool of mysql2/promise',
  },
]

/** Databases that have the methods of better-sqlite3, but with other arguments or results. */
export const NOT_SQLITE: readonly OtherClient[] = [
  {
    isIt: (has) => has('getRowsModified'),
    advice:
      'a database of sql.js is in memory only, as memoryStore and memoryJournal are. Pass one of better-sqlite3, libsql, ' +
      'node:sqlite or bun:sqlite',
  },
  {
    isIt: (has) => has('prepare', 'batch') && !has('close'),
    advice:
      'a D1 binding uses promises. Pass a database of better-sqlite3, libsql, node:sqlite or bun:sqlite; on Workers, use ' +
      'durableObjectStore',
  },
  {
    isIt: (has) => has('parallelize'),
    advice: 'sqlite3 uses callbacks. Pass a database of better-sqlite3, libsql, node:sqlite or bun:sqlite',
  },
]
