import type { Rule, WithDefaults } from '../../options/option-rules.js'

export interface TableOption {
  /**
   * Names the table of events. A second table, with `_entities` appended to the name, serves `ordering: true`. The name is
   * quoted: it cannot contain a schema, and upper case is kept. Default `'mailbox_hooks_events'`.
   */
  readonly table?: string | undefined
}

/** The names behind a table option, quoted. */
export interface TableNames {
  readonly events: string
  readonly entities: string
  readonly eventsIndex: string
  readonly entitiesIndex: string
}

/** PostgreSQL cuts a name after 63 bytes, and MySQL refuses more than 64. Our suffixes take up to 20. */
const LIMIT_BYTES = 43

export const tableRule = (byDefault: string): Rule => [
  `the name of a table, of at most ${LIMIT_BYTES} bytes`,
  (name) => typeof name === 'string' && name !== '' && !name.includes('\0') && Buffer.byteLength(name) <= LIMIT_BYTES,
  byDefault,
]

export const TABLE = tableRule('mailbox_hooks_events')

export const quoter = (quote: '"' | '`') => (name: string) => quote + name.replaceAll(quote, quote + quote) + quote

export function tableNames({ table }: WithDefaults<TableOption>, quote: '"' | '`'): TableNames {
  const quoted = quoter(quote)
  return {
    events: quoted(table),
    entities: quoted(`${table}_entities`),
    eventsIndex: quoted(`${table}_expires_at`),
    entitiesIndex: quoted(`${table}_entities_expires`),
  }
}
