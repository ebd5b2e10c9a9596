/**
 * Gives each row of a table the text that `%s` prints of it in the title of its test: that of a field, or one that is
 * made of several. (Of `$what` vitest prints what a debugger would: in quotes, and cut.)
 *
 * @example it.each(titled(REFUSED, 'what'))('refuses %s', async ({ sending }) => {})
 */
export function titled<Row extends object>(
  rows: readonly Row[],
  title: (keyof Row & string) | ((row: Row) => string),
): Row[] {
  const titleOf = typeof title === 'function' ? title : (row: Row) => String(row[title])
  return rows.map((row) => ({ ...row, toString: () => titleOf(row) }))
}
