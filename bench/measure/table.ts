/** Figures in columns, of which the first says what they are of. */
export interface Table {
  readonly title: string
  /** The first is the head. */
  readonly rows: readonly (readonly string[])[]
}

/** Prints a table: the first column to the left, the others to the right. */
export function printTable({ title, rows }: Table): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  console.log(`\n${title}`)
  for (const row of rows) {
    const cells = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
    console.log(`  ${cells.join('   ')}`)
  }
}

/** The same in Markdown. */
export function asMarkdown({ title, rows }: Table): string {
  const [head = [], ...body] = rows
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'))
  return [`**${title}**`, '', line(head), line(rule), ...body.map(line)].join('\n')
}
