/** The columns of the list, from left to right. The names are those of the style sheet, which drops some in a narrow list. */
export const COLUMNS = [
  ['time', 'Time'],
  ['verdict', 'Verdict'],
  ['provider', 'Provider'],
  ['type', 'Type'],
  ['about', 'About'],
  ['answer', 'Answer'],
  ['took', 'Duration'],
  ['tries', 'Attempts'],
] as const

export const ROW_PX = 36
