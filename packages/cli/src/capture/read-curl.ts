import { Failure } from '../failure.js'
import { type CapturedRequest, collectHeaders, readHeader } from './captured-request.js'
import { addressIn, type CurlOption, curlOptions } from './curl-options.js'
import { shellWords, type Word } from './shell-words.js'

const HEADER = ['-H', '--header']
const DATA = ['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--json', '--data-urlencode']

/** Returns whether a text contains a curl command, possibly after other lines of a script and with the path of curl. */
export const holdsCurl = (text: string): boolean => /(?:(?:^|[\s\\/'"])curl|curl\.exe)['"]?\s/i.test(text)

/** Returns whether a word is curl, with or without its path. A shell removes the backslashes of an unquoted path. */
const isCurl = ({ text }: Word): boolean => /(?:^|[\\/])curl$|curl\.exe$/i.test(text)

/** Reads the address, the headers and the body of a curl command, as "Copy as cURL" writes it. */
export function readCurl(command: string): CapturedRequest {
  const words = shellWords(command.trim())
  const start = words.findIndex(isCurl)
  if (start === -1) throw new Failure('--curl needs a curl command, or a file with one.')
  const options = [...curlOptions(words.slice(start + 1))]
  const headers = options.filter(({ name }) => HEADER.includes(name)).map(({ value }) => value)
  const data = options.filter(({ name }) => DATA.includes(name))
  if (data.some(isFromFile)) {
    throw new Failure(
      'The curl command takes its body from a file: pass that with --body, and the headers with --header.',
    )
  }
  for (const value of headers) refuseVariable(value, 'a header')
  for (const { value } of data) refuseVariable(value, 'the body')
  const url = addressIn(words.slice(start + 1))
  return {
    ...(url !== undefined && { url }),
    headers: collectHeaders(headers.map(({ text }) => readHeader(text)).filter((header) => header !== undefined)),
    // Join several bodies as curl does.
    body: Buffer.from(data.map(sentText).join('&')),
  }
}

function isFromFile({ name, value: { text } }: CurlOption): boolean {
  if (name === '--data-urlencode') return text.includes('@') && !text.includes('=')
  return name !== '--data-raw' && text.startsWith('@')
}

/** Returns the data that curl sends. `--data-urlencode` encodes everything after the first `=`. */
function sentText({ name, value: { text } }: CurlOption): string {
  if (name !== '--data-urlencode') return text
  const [, field = '', content = text] = /^([^=]*)=(.*)$/s.exec(text) ?? []
  const encoded = encodeURIComponent(content.toWellFormed()).replace(/[!'()*]/g, toPercent)
  return field === '' ? encoded : `${field}=${encoded}`
}

const toPercent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

/** Throws for an unexpanded variable or command, because the sent bytes are unknown and the signature would seem wrong. */
function refuseVariable({ variable }: Word, place: string): void {
  if (variable === undefined) return
  throw new Failure(
    `${variable} in ${place} of the curl command was not expanded, so what was sent is not known: write its value in ` +
      "its place, or leave a header out that is not the provider's.",
  )
}
