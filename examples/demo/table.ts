import { styleText } from 'node:util'
import type { Row } from './play.ts'

const HEADINGS = { delivery: 'Delivery', expected: 'Expected', got: 'Came back' }

/** Formats the rows as a table, with colours on a terminal. */
export function table(rows: readonly Row[]): string {
  const all = [HEADINGS, ...rows]
  const width = (column: keyof Row) => Math.max(...all.map((row) => row[column].length))
  const widths = { delivery: width('delivery'), expected: width('expected'), got: width('got') }
  const cells = (row: Row) =>
    [row.delivery.padEnd(widths.delivery), row.expected.padEnd(widths.expected), row.got.padEnd(widths.got)].join('   ')
  const line = '─'.repeat(widths.delivery + widths.expected + widths.got + 8)
  return [
    `  ${painted('bold', cells(HEADINGS))}`,
    `  ${line}`,
    ...rows.map((row) => {
      const isRight = row.expected === row.got
      return `${isRight ? painted('green', '✓') : painted('red', '✗')} ${cells(row)}`
    }),
  ].join('\n')
}

const hasColours = process.stdout.isTTY && process.env.NO_COLOR === undefined

const painted = (style: 'bold' | 'green' | 'red', text: string) => (hasColours ? styleText(style, text) : text)
