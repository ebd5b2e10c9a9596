import { quoter, type Rule, tableRule, withDefault, YES_OR_NO } from '@mailbox-hooks/core/sql-client'

export interface RowOptions {
  /**
   * The table of the entries. Others have its name with `_content`, `_about`, `_attempts`, `_refusals` and `_meta` behind
   * it. Taken as it is and quoted: it has no schema, and upper case stays upper case. Default `'mailbox_hooks_journal'`.
   */
  readonly table?: string | undefined
  /**
   * Send the deliveries that wait for a statement together, as one, and so with what ends their runs. False sends each by
   * itself: slower by far, for a database in front of which something cannot bear it. Default true.
   */
  readonly batch?: boolean | undefined
}

export const ROW_RULES = {
  table: tableRule('mailbox_hooks_journal'),
  batch: withDefault(YES_OR_NO, true),
} satisfies Record<string, Rule>

/** The names behind a table option, quoted. */
export function tableNames(table: string, quote: '"' | '`') {
  const quoted = quoter(quote)
  return {
    entries: quoted(table),
    content: quoted(`${table}_content`),
    about: quoted(`${table}_about`),
    attempts: quoted(`${table}_attempts`),
    refusals: quoted(`${table}_refusals`),
    meta: quoted(`${table}_meta`),
    /** Indexes; PostgreSQL and SQLite know them by names of their own. */
    again: quoted(`${table}_again`),
    newest: quoted(`${table}_newest`),
    due: quoted(`${table}_due`),
    state: quoted(`${table}_state`),
    stats: quoted(`${table}_stats`),
    newestRefusals: quoted(`${table}_refusals_newest`),
  }
}

export type TableNames = ReturnType<typeof tableNames>
