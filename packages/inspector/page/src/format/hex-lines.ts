export interface HexLine {
  readonly offset: string
  readonly pairs: string
  readonly characters: string
}

const WIDTH = 16

/** Splits pairs of hex digits into lines of 16 bytes, with their characters. `••` stands for a masked byte. */
export function hexLines(hex: string): HexLine[] {
  const pairs = hex.match(/[\da-f]{2}|••/gi) ?? []
  return Array.from({ length: Math.ceil(pairs.length / WIDTH) }, (_, index) => {
    const line = pairs.slice(index * WIDTH, (index + 1) * WIDTH)
    return {
      offset: (index * WIDTH).toString(16).padStart(6, '0'),
      pairs: line.join(' ').padEnd(WIDTH * 3 - 1),
      characters: line.map(characterOf).join(''),
    }
  })
}

function characterOf(pair: string): string {
  if (pair === '••') return '•'
  const code = Number.parseInt(pair, 16)
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·'
}
