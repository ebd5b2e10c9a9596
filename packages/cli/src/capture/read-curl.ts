import { Failure } from '../failure.js'
import { type CapturedRequest, collectHeaders, readHeader } from './captured-request.js'
import { shellWords, type Word } from './shell-words.js'

const HEADER = ['-H', '--header']
const DATA = ['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--json']

/** Whether a text holds a curl command; in a script, other things stand before it. */
export const holdsCurl = (text: string): boolean => /(?:^|[\s/])curl\s/.test(text)

/** The headers and the body of a curl command, as "Copy as cURL" writes it. */
export function readCurl(command: string): CapturedRequest {
  const words = shellWords(command.trim())
  const start = words.findIndex(({ text }) => /^(?:.*\/)?curl$/.test(text))
  if (start === -1) throw new Failure('--curl needs a curl command, or a file with one.')
  const values = optionValues(words.slice(start))
  const headers = values.filter(([option]) => HEADER.includes(option)).map(([, value]) => value)
  const data = values.filter(([option]) => DATA.includes(option)).map(([, value]) => value)
  if (data.some(({ text }) => text.startsWith('@'))) {
    throw new Failure(
      'The curl command takes its body from a file: give that with --body, and the headers with --header.',
    )
  }
  for (const value of headers) refuseVariable(value, 'a header')
  for (const value of data) refuseVariable(value, 'the body')
  return {
    headers: collectHeaders(headers.map(({ text }) => readHeader(text)).filter((header) => header !== undefined)),
    // Several are joined as curl joins them.
    body: Buffer.from(data.map(({ text }) => text).join('&')),
  }
}

/** What was sent is not known where a shell has put something in its place; the signature would only seem to be wrong. */
function refuseVariable({ variable }: Word, place: string): void {
  if (variable === undefined) return
  throw new Failure(
    `${variable} in ${place} of the curl command was not expanded, so what was sent is not known: write its value in ` +
      "its place, or leave a header out that is not the provider's.",
  )
}

/** Each word that begins with a dash with the word after it, whether or not that belongs to it: only some are asked for. */
function optionValues(words: readonly Word[]): (readonly [option: string, value: Word])[] {
  return words.flatMap((word, index) => {
    const [, option, attached] = /^(--[\w-]+)=(.*)$/s.exec(word.text) ?? /^(-[Hd])(.+)$/s.exec(word.text) ?? []
    if (option !== undefined && attached !== undefined) return [[option, { ...word, text: attached }] as const]
    return word.text.startsWith('-') ? [[word.text, words[index + 1] ?? { text: '' }] as const] : []
  })
}
