import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPOSITORY } from './install.js'

/** How many tests have passed; undefined where a host does not run on a runtime. */
export type Cell = { readonly passed: number; readonly total: number } | undefined

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly { readonly title: string; readonly cells: readonly Cell[] }[]
}

const DOCUMENT = join(REPOSITORY, 'docs/compatibility.md')

/** Returns a table in Markdown. */
export function print({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [
    line(['', ...columns]),
    line(['---', ...columns.map(() => '---')]),
    ...rows.map(({ title, cells }) => line([title, ...cells.map(textOf)])),
  ].join('')
}

function textOf(cell: Cell): string {
  if (cell === undefined) return '–'
  const { passed, total } = cell
  return hasPassed(cell) ? `${total} passed` : `${total - passed} of ${total} FAILED`
}

const hasPassed = (cell: Cell) => cell === undefined || (cell.total > 0 && cell.passed === cell.total)

export const allPassed = ({ rows }: Table): boolean => rows.every(({ cells }) => cells.every(hasPassed))

/** Puts a table in place of its last one in docs/compatibility.md, with the date. */
export function writeInto(place: string, table: Table): void {
  const [begin, end] = [`<!-- matrix: ${place} -->`, `<!-- end of ${place} -->`]
  const text = readFileSync(DOCUMENT, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no place for ${place}`)
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(DOCUMENT, `${text.slice(0, from)}${begin}\nPrinted on ${date}:\n\n${print(table)}${text.slice(to)}`)
}
