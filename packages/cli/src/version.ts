import { readFileSync } from 'node:fs'

/** The version of this package, whose manifest lies beside the sources and beside what is built of them. */
export function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}
