import { type Channel, widthOf } from './output.js'

const onOneLine = (cell: string) => cell.replaceAll('\n', ' ')

/** Formats rows of text under headings, in columns as wide as their widest cell. */
export function printTable(channel: Channel, headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, index) =>
    Math.max(widthOf(heading), ...rows.map((row) => widthOf(row[index] ?? ''))),
  )
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, index) => cell + ' '.repeat(widths[index]! - widthOf(cell))).join('  ')}`.trimEnd()
  channel.line(line(headings.map((heading) => channel.style('dim', heading))))
  for (const row of rows) channel.line(line(row.map(onOneLine)))
}
