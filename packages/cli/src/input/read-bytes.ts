import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { Failure } from '../failure.js'

/** The bytes of a file, or of stdin for `-`. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await buffer(process.stdin) : await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    throw new Failure(`${nameOf(path)} cannot be read (${String(code)}).`)
  }
}

/** What looks like no path may be the content itself, given in place of a file: it is not printed. */
const nameOf = (path: string) => (/^[^\s\p{C}"'{}<>]{1,120}$/u.test(path) ? path : 'The file')
