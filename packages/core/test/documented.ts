import { readFileSync } from 'node:fs'

/** A document or a source of the repository. */
export const document = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

export const DAY_MS = 24 * 3600_000

/** The number that is written as `15,000`, `7 days` or `240 s`. */
export function numberIn(text: string): number {
  const [, digits, unit] = text.match(/^([\d,]+)(?: (days|s)\b)?/) ?? []
  return Number(digits?.replaceAll(',', '')) * (unit === 'days' ? DAY_MS : unit === 's' ? 1000 : 1)
}
