import { verdictOf } from '../measure/goal.js'
import type { Part, PartResult } from '../measure/part.js'
import { asMarkdown, type Table } from '../measure/table.js'

/** A part in `results.json`. */
export interface MeasuredPart extends PartResult {
  readonly node: string
  readonly cpu: string
  readonly cores: number
  readonly date: string
}

/** What stands between `<!-- figures of stores -->`, or `<!-- goals -->`, and the next `<!-- end -->`. */
const PLACES = /<!-- (?:figures of (?<part>\w+)|goals) -->.*?<!-- end -->/gs

/** Puts the figures that were measured last into a document. */
export function fillIn(
  document: string,
  parts: Readonly<Record<string, Part>>,
  results: Readonly<Record<string, MeasuredPart>>,
): string {
  return document.replaceAll(PLACES, (place, ...found) => {
    const { part: name } = found.at(-1) as { part?: string }
    const tables = name === undefined ? [goals(parts, results)] : tablesOf(parts[name], results[name])
    const [opening] = place.split('-->', 1)
    return `${opening}-->\n\n${tables.map(asMarkdown).join('\n\n')}\n\n<!-- end -->`
  })
}

function tablesOf(part: Part | undefined, measured: MeasuredPart | undefined): readonly Table[] {
  if (part === undefined || measured === undefined) return []
  const { cpu, cores, node, date } = measured
  const where = `${cpu}, ${cores} cores, Node ${node.slice(1)}, ${date.slice(0, 10)}`
  return part.tablesOf(measured.figures).map(({ title, rows }) => ({ title: `${title} (${where})`, rows }))
}

/** In the order in which the parts run. */
function goals(parts: Readonly<Record<string, Part>>, results: Readonly<Record<string, MeasuredPart>>): Table {
  const reached = Object.keys(parts).flatMap((name) => results[name]?.goals ?? [])
  return {
    title: 'Goals',
    rows: [
      ['', 'measured', 'wanted', ''],
      ...reached.map((goal) => [goal.name, goal.measured, goal.wanted, verdictOf(goal, 'not reached')]),
    ],
  }
}
