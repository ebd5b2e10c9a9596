import { Failure } from '../failure.js'
import { type CapturedRequest, collectHeaders } from './captured-request.js'

interface HarHeader {
  readonly name: string
  readonly value: string
}

interface HarEntry {
  readonly startedDateTime?: string
  readonly request: {
    readonly url?: unknown
    readonly headers: readonly unknown[]
    readonly postData?: { readonly text?: string; readonly encoding?: string }
  }
}

/** Returns the newest request of a HAR file that is one of those that are looked for, which `sought` names. */
export function readHar(
  text: string,
  isSought: (request: CapturedRequest) => boolean,
  sought: string,
): CapturedRequest {
  const entries = entriesOf(text)
  for (let index = entries.length - 1; index >= 0; index--) {
    const request = requestOf(entries[index]!)
    if (isSought(request)) return request
  }
  throw new Failure(`The HAR file holds no request with ${sought}.`)
}

function requestOf({ startedDateTime = '', request: { url, headers, postData } }: HarEntry): CapturedRequest {
  const atMs = Date.parse(startedDateTime)
  return {
    ...(typeof url === 'string' && { url }),
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
