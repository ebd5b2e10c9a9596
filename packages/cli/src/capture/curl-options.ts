import type { Word } from './shell-words.js'

export interface CurlOption {
  /** `-d` or `--data`. */
  readonly name: string
  readonly value: Word
}

/** Returns the options of a curl command, each with its attached value or the next word, even if it takes no value. */
export function* curlOptions(words: readonly Word[]): Iterable<CurlOption> {
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    const { name, attached, hasValue } = readOption(word.text) ?? {}
    if (name === undefined) continue
    yield { name, value: attached === undefined ? (words[index + 1] ?? { text: '' }) : { ...word, text: attached } }
    // A value is not an option, even if it begins with a dash.
    if (attached === undefined && hasValue) index += 1
  }
}

/** Returns the address of a curl command. Undefined if it has none, or one that a shell would have to expand. */
export function addressIn(words: readonly Word[]): string | undefined {
  const named = [...curlOptions(words)].find(({ name }) => name === '--url')?.value
  const positional = words.filter(({ text }, index) => {
    const before = readOption(words[index - 1]?.text ?? '')
    return readOption(text) === undefined && !(before?.hasValue && before.attached === undefined)
  })
  const address = named ?? positional.find(({ text }) => /^https?:/i.test(text)) ?? positional[0]
  return address?.variable === undefined ? address?.text : undefined
}

/** Splits short options in one word, up to the first with a value: the rest of the word, otherwise the next word. */
const SHORT_WITH_VALUE = /^-[a-zA-Z0-9#:]*?([AbcCdDeEFHKmoPQrtTuUwxXyYz])(.*)$/s

const LONG_WITH_VALUE =
  /^--(?:header|data(?:-\w+)?|json|request|url|referer|proxy|user-agent|cookie|user|output|max-time)$/

function readOption(text: string): { name: string; attached: string | undefined; hasValue: boolean } | undefined {
  if (text.startsWith('--')) {
    const [, name = text, attached] = /^(--[\w-]+)=(.*)$/s.exec(text) ?? []
    return { name, attached, hasValue: LONG_WITH_VALUE.test(name) }
  }
  const [, letter, attached] = SHORT_WITH_VALUE.exec(text) ?? []
  return letter === undefined ? undefined : { name: `-${letter}`, attached: attached || undefined, hasValue: true }
}
