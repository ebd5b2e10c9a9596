import { type Curve, growthOf } from '../growth/curve.js'
import { STYLE } from './style.js'

const WIDTH = 840
const MARGIN = 28
const COLUMNS = 3
const GAP = 36
const PANEL_WIDTH = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
const PLOT_HEIGHT = 120
const PANEL_HEIGHT = PLOT_HEIGHT + 92
const HEAD_HEIGHT = 70
/** Each panel shows so many powers of ten, so that the same slope means the same everywhere. */
const DECADES = 4

/** Draws the curves, a panel each, on logarithmic axes: a self-contained SVG. */
export function drawGrowth(curves: readonly Curve[]): string {
  const height = HEAD_HEIGHT + Math.ceil(curves.length / COLUMNS) * PANEL_HEIGHT
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    '<title>What a delivery costs as things grow</title>',
    `<style>${STYLE}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    text('title', MARGIN, MARGIN + 10, 'What a delivery costs as things grow'),
    text(
      'quiet',
      MARGIN,
      MARGIN + 29,
      'Microseconds. Both axes are logarithmic, and all panels have the same height of scale: level is flat.',
    ),
    ...curves.flatMap((curve, index) => {
      const left = MARGIN + (index % COLUMNS) * (PANEL_WIDTH + GAP)
      return drawCurve(curve, left, HEAD_HEIGHT + Math.floor(index / COLUMNS) * PANEL_HEIGHT)
    }),
    '</svg>\n',
  ].join('\n')
}

function drawCurve(curve: Curve, left: number, top: number): string[] {
  const { title, axis, points } = curve
  const first = points[0]!
  const last = points.at(-1)!
  const lowest = Math.floor(Math.log10(Math.min(...points.map(({ micros }) => micros))))
  const bottom = top + 40 + PLOT_HEIGHT
  const x = (at: number) => left + 22 + (Math.log(at / first.at) / Math.log(last.at / first.at)) * (PANEL_WIDTH - 44)
  const y = (micros: number) => bottom - ((Math.log10(micros) - lowest) / DECADES) * PLOT_HEIGHT
  const path = points.map(({ at, micros }, index) => `${index === 0 ? 'M' : 'L'}${round(x(at))} ${round(y(micros))}`)
  return [
    text('column', left, top + 18, title),
    text('figure ours', left + PANEL_WIDTH, top + 18, `× ${growthOf(curve).toFixed(growthOf(curve) < 10 ? 1 : 0)}`),
    `<path class="axis" d="M${left} ${bottom}h${round(PANEL_WIDTH)}"/>`,
    `<path class="curve" d="${path.join('')}"/>`,
    ...points.flatMap(({ at, label, micros }) => [
      `<circle class="point" cx="${round(x(at))}" cy="${round(y(micros))}" r="3"/>`,
      text('quiet middle', round(x(at)), round(y(micros)) - 8, shown(micros)),
      text('quiet middle', round(x(at)), bottom + 15, label),
    ]),
    text('quiet middle', left + PANEL_WIDTH / 2, bottom + 31, axis),
  ]
}

const round = (value: number) => Math.round(value * 10) / 10

const shown = (micros: number) => micros.toLocaleString('en', { maximumSignificantDigits: micros < 100 ? 2 : 3 })

const text = (kind: string, x: number, y: number, content: string) =>
  `<text class="${kind}" x="${x}" y="${y}">${content}</text>`
