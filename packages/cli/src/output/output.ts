import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

/** Where a command writes: results to stdout, everything about them to stderr. */
export interface Output {
  readonly stdout: Channel
  readonly stderr: Channel
}

export interface Channel {
  readonly isTerminal: boolean
  line(text?: string): void
  raw(text: string): void
  /** The text in a style, where the stream takes one: not in a pipe, and not against `NO_COLOR`. */
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

/** Who reads a pipe may close it when it has enough, as `head` does: that is no failure. */
function throwUnlessClosed(error: Error): void {
  if (!('code' in error && error.code === 'EPIPE')) throw error
}
