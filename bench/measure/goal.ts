/** What is wanted of a figure, and what it turned out to be. */
export interface Goal {
  readonly name: string
  readonly measured: string
  readonly wanted: string
  readonly holds: boolean
}

interface Wanted {
  readonly name: string
  readonly measured: number
  /** What the figure counts, e.g. ` × A`. */
  readonly unit: string
}

export const atMost = (limit: number, { name, measured, unit }: Wanted): Goal => ({
  name,
  measured: shown(measured) + unit,
  wanted: `<= ${shown(limit)}${unit}`,
  holds: measured <= limit,
})

export const atLeast = (limit: number, { name, measured, unit }: Wanted): Goal => ({
  name,
  measured: shown(measured) + unit,
  wanted: `>= ${shown(limit)}${unit}`,
  holds: measured >= limit,
})

const shown = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1))

export const goalLine = ({ name, measured, wanted, holds }: Goal) =>
  `${name}: ${measured} (${wanted}) ${holds ? 'holds' : 'misses'}`
