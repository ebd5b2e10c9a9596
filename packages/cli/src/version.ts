import { readFileSync } from 'node:fs'

/** The version of this package. Its manifest lies beside both the sources and the build. */
export function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}
