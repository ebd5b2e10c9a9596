import { type Panel, panelsOf, type Results, type Row } from './panels.js'
import { STYLE } from './style.js'

const WIDTH = 840
const MARGIN = 28
const LABEL_WIDTH = 188
const COLUMN_WIDTH = 180
const COLUMN_GAP = 28
/** Leaves room for the figure. */
const LONGEST_BAR = 118
const BAR_HEIGHT = 10
const ROW_HEIGHT = 20
/** The title, the caption and the names of the columns. */
const HEAD_HEIGHT = 72
const PANEL_GAP = 28
const FOOT_HEIGHT = 40

/** Draws the picture of docs/performance.md: a self-contained SVG. */
export function draw(results: Results): string {
  const drawn: string[] = []
  let top = MARGIN
  for (const panel of panelsOf(results)) {
    drawn.push(...drawPanel(panel, top))
    top += HEAD_HEIGHT + panel.rows.length * ROW_HEIGHT + PANEL_GAP
  }
  drawn.push(...drawFoot(results, top))
  const height = top + FOOT_HEIGHT
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    '<title>mailbox-hooks, measured beside what it is compared with</title>',
    `<style>${STYLE}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n')
}

function drawPanel({ title, caption, scale, columns, rows }: Panel, top: number): string[] {
  const scales = columns.map((_, column) => scale ?? Math.max(...rows.map(({ bars }) => bars[column]!.value)))
  return [
    text('title', MARGIN, top + 14, title),
    text('quiet', MARGIN, top + 33, caption),
    ...columns.map((name, column) => text('column', columnAt(column), top + 60, name)),
    ...rows.flatMap((row, index) => drawRow(row, scales, top + HEAD_HEIGHT + index * ROW_HEIGHT)),
  ]
}

const drawRow = ({ label, tone, bars }: Row, scales: readonly number[], top: number): string[] => [
  text(tone, MARGIN, top + 13, label),
  ...bars.flatMap(({ value, shown }, column) => [
    drawBar(tone, columnAt(column), top + 4, value / scales[column]!),
    text(`figure ${tone}`, columnAt(column) + COLUMN_WIDTH, top + 13, shown),
  ]),
]

/** A bar that would be longer than the scale has a slit near its end. */
function drawBar(tone: Row['tone'], x: number, y: number, share: number): string {
  const length = Math.max(1, Math.min(1, share) * LONGEST_BAR).toFixed(1)
  const bar = `<rect class="${tone}" x="${x}" y="${y}" width="${length}" height="${BAR_HEIGHT}" rx="2"/>`
  return share > 1 ? `${bar}<path class="slit" d="M${x + LONGEST_BAR - 14} ${y + 12}l6 -14"/>` : bar
}

const columnAt = (column: number) => MARGIN + LABEL_WIDTH + column * (COLUMN_WIDTH + COLUMN_GAP)

function drawFoot({ verify, stores, http, memory }: Results, top: number): string[] {
  const machines = [verify, stores, http, memory]
    .filter((part) => part !== undefined)
    .map(({ cpu, cores, node }) => `${cpu}, ${cores} cores, Node ${node.slice(1)}`)
  const machine = [...new Set(machines)].join('; ')
  return [
    text('quiet', MARGIN, top + 1, `Measured on one machine (${machine}), each panel in one run.`),
    text(
      'quiet',
      MARGIN,
      top + 18,
      'Another machine gives other figures: compare the bars of a column with each other.',
    ),
  ]
}

const text = (kind: string, x: number, y: number, content: string) =>
  `<text class="${kind}" x="${x}" y="${y}">${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`
