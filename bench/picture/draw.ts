import { type Panel, panelsOf, type Results, type Row } from './panels.js'
import { STYLE } from './style.js'

const WIDTH = 840
const MARGIN = 28
const LABEL_WIDTH = 188
const COLUMN_GAP = 28
/** Beside the longest bar of a column. */
const FIGURE_WIDTH = 62
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
  const width = (WIDTH - 2 * MARGIN - LABEL_WIDTH - (columns.length - 1) * COLUMN_GAP) / columns.length
  const placed = columns.map((_, column) => ({
    left: MARGIN + LABEL_WIDTH + column * (width + COLUMN_GAP),
    width,
    scale: scale ?? Math.max(...rows.map(({ bars }) => bars[column]!.value)),
  }))
  return [
    text('title', MARGIN, top + 14, title),
    text('quiet', MARGIN, top + 33, caption),
    ...columns.map((name, column) => text('column', placed[column]!.left, top + 60, name)),
    ...rows.flatMap((row, index) => drawRow(row, placed, top + HEAD_HEIGHT + index * ROW_HEIGHT)),
  ]
}

interface Column {
  readonly left: number
  readonly width: number
  /** The value whose bar is the longest. */
  readonly scale: number
}

const drawRow = ({ label, tone, bars }: Row, columns: readonly Column[], top: number): string[] => [
  text(tone, MARGIN, top + 13, label),
  ...columns.flatMap((column, index) => {
    const { value, shown } = bars[index]!
    return [drawBar(tone, column, top + 4, value), text(`figure ${tone}`, column.left + column.width, top + 13, shown)]
  }),
]

/** A bar that would be longer than the scale has a slit near its end. */
function drawBar(tone: Row['tone'], { left, width, scale }: Column, top: number, value: number): string {
  const longest = width - FIGURE_WIDTH
  const share = value / scale
  const length = Math.max(1, Math.min(1, share) * longest).toFixed(1)
  const bar = `<rect class="${tone}" x="${left}" y="${top}" width="${length}" height="${BAR_HEIGHT}" rx="2"/>`
  return share > 1 ? `${bar}<path class="slit" d="M${left + longest - 14} ${top + 12}l6 -14"/>` : bar
}

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
