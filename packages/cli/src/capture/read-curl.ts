import { Failure } from '../failure.js'
import { type CapturedRequest, collectHeaders, readHeader } from './captured-request.js'
import { shellWords } from './shell-words.js'

const HEADER = ['-H', '--header']
const DATA = ['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--json']

/** The headers and the body of a curl command, as "Copy as cURL" writes it. */
export function readCurl(command: string): CapturedRequest {
  const words = shellWords(command.trim())
  if (words[0] !== 'curl') throw new Failure('--curl needs a curl command, or a file with one.')
  const values = optionValues(words)
  const headers = values.filter(([option]) => HEADER.includes(option)).map(([, value]) => readHeader(value))
  const data = values.filter(([option]) => DATA.includes(option)).map(([, value]) => value)
  if (data.some((value) => value.startsWith('@'))) {
    throw new Failure(
      'The curl command takes its body from a file: give that with --body, and the headers with --header.',
    )
  }
  return {
    headers: collectHeaders(headers.filter((header) => header !== undefined)),
    // Several are joined as curl joins them.
    body: Buffer.from(data.join('&')),
  }
}

/** Each word that begins with a dash with the word after it, whether or not that belongs to it: only some are asked for. */
function optionValues(words: readonly string[]): (readonly [string, string])[] {
  return words.flatMap((word, index) => {
    const [, option, attached] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? /^(-[Hd])(.+)$/s.exec(word) ?? []
    if (option !== undefined && attached !== undefined) return [[option, attached] as const]
    return word.startsWith('-') ? [[word, words[index + 1] ?? ''] as const] : []
  })
}
