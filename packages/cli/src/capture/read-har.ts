import { Failure } from '../failure.js'
import { type CapturedRequest, collectHeaders } from './captured-request.js'

interface HarHeader {
  readonly name: string
  readonly value: string
}

interface HarEntry {
  readonly startedDateTime?: string
  readonly request: {
    readonly headers: readonly unknown[]
    readonly postData?: { readonly text?: string; readonly encoding?: string }
  }
}

/** Returns the newest request of a HAR file that has one of these headers. */
export function readHar(text: string, signatureHeaders: readonly string[]): CapturedRequest {
  const entry = entriesOf(text).findLast(({ request }) =>
    request.headers.filter(isHeader).some(({ name }) => signatureHeaders.includes(name.toLowerCase())),
  )
  if (entry === undefined) {
    throw new Failure(`The HAR file holds no request with the header ${signatureHeaders.join(' or ')}.`)
  }
  const { headers, postData } = entry.request
  const atMs = Date.parse(entry.startedDateTime ?? '')
  return {
    headers: collectHeaders(headers.filter(isHeader).map(({ name, value }) => [name, value] as const)),
    body: Buffer.from(postData?.text ?? '', postData?.encoding === 'base64' ? 'base64' : 'utf8'),
    ...(!Number.isNaN(atMs) && { atMs }),
  }
}

const isHeader = (header: unknown): header is HarHeader =>
  typeof header === 'object' &&
  header !== null &&
  'name' in header &&
  typeof header.name === 'string' &&
  'value' in header &&
  typeof header.value === 'string'

function entriesOf(text: string): readonly HarEntry[] {
  const entries = parse(text)?.log?.entries
  if (!Array.isArray(entries)) throw new Failure('--har needs a HAR file: JSON with log.entries.')
  return entries.filter((entry) => Array.isArray(entry?.request?.headers))
}

function parse(text: string): { log?: { entries?: unknown } } | undefined {
  try {
    // Windows programs add a byte order mark, which is not JSON.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}
