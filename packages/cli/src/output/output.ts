import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

/** The output of a command: results go to stdout, messages to stderr. */
export interface Output {
  readonly stdout: Channel
  readonly stderr: Channel
}

export interface Channel {
  readonly isTerminal: boolean
  line(text?: string): void
  raw(text: string): void
  /** Applies a style, except in a pipe or with `NO_COLOR`. */
  style(format: Format, text: string): string
}

export function createOutput(): Output {
  return { stdout: channel(process.stdout), stderr: channel(process.stderr) }
}

function channel(stream: WriteStream): Channel {
  stream.on('error', throwUnlessClosed)
  return {
    isTerminal: stream.isTTY === true,
    line: (text = '') => void stream.write(`${text}\n`),
    raw: (text) => void stream.write(text),
    style: (format, text) => styleText(format, text, { stream, validateStream: true }),
  }
}

/** Ignores a closed pipe, because its reader may have enough, as `head` does. */
function throwUnlessClosed(error: Error): void {
  if (!('code' in error && error.code === 'EPIPE')) throw error
}
