import type { SqliteDatabaseLike } from '@mailbox-hooks/core/sql-client'

export function isDatabase(value: unknown): value is SqliteDatabaseLike {
  const { prepare, exec } = (value ?? {}) as Partial<SqliteDatabaseLike>
  return typeof prepare === 'function' && typeof exec === 'function'
}
