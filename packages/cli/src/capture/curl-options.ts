import type { Word } from './shell-words.js'

export interface CurlOption {
  /** `-d` or `--data`. */
  readonly name: string
  readonly value: Word
}

/** The options of a curl command, each with its value, or with the word after it where it may have none. */
export function* curlOptions(words: readonly Word[]): Iterable<CurlOption> {
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    const { name, attached, hasValue } = readOption(word.text) ?? {}
    if (name === undefined) continue
    yield { name, value: attached === undefined ? (words[index + 1] ?? { text: '' }) : { ...word, text: attached } }
    // A value is no option, though it may begin with a dash.
    if (attached === undefined && hasValue) index += 1
  }
}

/** Short ones stand together in one word, up to the first that has a value: the rest of the word, or else the next. */
const SHORT_WITH_VALUE = /^-[a-zA-Z0-9#:]*?([AbcCdDeEFHKmoPQrtTuUwxXyYz])(.*)$/s

const LONG_WITH_VALUE = /^--(?:header|data(?:-\w+)?|json|request|url)$/

function readOption(text: string): { name: string; attached: string | undefined; hasValue: boolean } | undefined {
  if (text.startsWith('--')) {
    const [, name = text, attached] = /^(--[\w-]+)=(.*)$/s.exec(text) ?? []
    return { name, attached, hasValue: LONG_WITH_VALUE.test(name) }
  }
  const [, letter, attached] = SHORT_WITH_VALUE.exec(text) ?? []
  return letter === undefined ? undefined : { name: `-${letter}`, attached: attached || undefined, hasValue: true }
}
