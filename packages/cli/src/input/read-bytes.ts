import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { Failure } from '../failure.js'

/** Reads the bytes of a file, or of stdin for `-`. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await buffer(process.stdin) : await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    throw new Failure(`${nameOf(path)} cannot be read (${String(code)}).`)
  }
}

/** Hides content that was passed instead of a file name, because it may contain credentials and signatures. */
const nameOf = (path: string) => (/^[^\s\p{C}"'{}<>]{1,120}$/u.test(path) ? path : 'What was given as a file')
