import type { NewerQuery } from '@mailbox-hooks/core/journal'
import { Batcher, type BatchLimits, untilDecided } from '@mailbox-hooks/core/sql-client'
import { spaceOf } from './normal.js'
import type { NewerRow, RowDialect } from './row-dialect.js'

/** Asks for newer handled entries, in one statement for all that ask at once. */
export class NewerLookups {
  readonly #lookups: Batcher<NewerRow, boolean>
  #lookup = 0

  constructor(dialect: RowDialect, limits: BatchLimits) {
    this.#lookups = new Batcher({ send: (rows) => send(dialect, rows), limits })
  }

  async find({ about, namespace, occurredAfter, since }: NewerQuery): Promise<boolean> {
    const query = {
      namespace: spaceOf(namespace),
      occurredAfter: Math.floor(occurredAfter),
      since: Math.ceil(since),
    }
    const found = about.map((token) => {
      const row = { ...query, hash: String(++this.#lookup), token }
      return untilDecided(() => this.#lookups.add(row))
    })
    return (await Promise.all(found)).includes(true)
  }
}

async function send(dialect: RowDialect, rows: readonly NewerRow[]): Promise<ReadonlyMap<string, boolean>> {
  const found = new Set(await dialect.newer(rows))
  return new Map(rows.map(({ hash }) => [hash, found.has(hash)]))
}
