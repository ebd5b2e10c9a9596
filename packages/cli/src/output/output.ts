import { randomBytes } from 'node:crypto'
import type { WriteStream } from 'node:tty'
import { stripVTControlCharacters, styleText } from 'node:util'
import { withoutControls } from './printable.js'

type Format = Parameters<typeof styleText>[0]

/** The output of a command: results go to stdout, messages to stderr. */
export interface Output {
  readonly stdout: Channel
  readonly stderr: Channel
}

/**
 * Prints texts that may come from files, servers and errors: a terminal obeys nothing in them but the styles of `style`.
 */
export interface Channel {
  readonly isTerminal: boolean
  /** Prints lines. Removes control characters other than line feeds. */
  line(text?: string): void
  /** Prints a text as it is. It must be the program's own, apart from what `style` has returned. */
  raw(text: string): void
  /** Applies a style, except in a pipe or with `NO_COLOR`. Removes control characters. */
  style(format: Format, text: string): string
}

export function createOutput(): Output {
  return { stdout: channel(process.stdout), stderr: channel(process.stderr) }
}

/** Stands for the escape character of our own styles. Nobody else can write it, because nobody knows it. */
const ESCAPE = `\uE000${randomBytes(8).toString('hex')}`

const unmark = (text: string) => text.replaceAll(ESCAPE, '\u001b')

/** Returns the width of a styled text on a terminal. Styles take no width. */
export const widthOf = (text: string) => [...stripVTControlCharacters(unmark(text))].length

function channel(stream: WriteStream): Channel {
  stream.on('error', throwUnlessClosed)
  return {
    isTerminal: stream.isTTY === true,
    line: (text = '') => void stream.write(`${unmark(text.split('\n').map(withoutControls).join('\n'))}\n`),
    raw: (text) => void stream.write(unmark(text)),
    style: (format, text) =>
      styleText(format, withoutControls(text), { stream, validateStream: true }).replaceAll('\u001b', ESCAPE),
  }
}

/** Ignores a closed pipe, because its reader may have enough, as `head` does. */
function throwUnlessClosed(error: Error): void {
  if (!('code' in error && error.code === 'EPIPE')) throw error
}
