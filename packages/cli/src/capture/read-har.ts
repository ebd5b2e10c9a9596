import { Failure } from '../failure.js'
import { type CapturedRequest, collectHeaders } from './captured-request.js'

interface HarEntry {
  readonly startedDateTime?: string
  readonly request: {
    readonly headers: readonly { readonly name: string; readonly value: string }[]
    readonly postData?: { readonly text?: string; readonly encoding?: string }
  }
}

/** The newest request of a HAR file that has one of these headers. */
export function readHar(text: string, signatureHeaders: readonly string[]): CapturedRequest {
  const entry = entriesOf(text).findLast(({ request }) =>
    request.headers.some(({ name }) => signatureHeaders.includes(name.toLowerCase())),
  )
  if (entry === undefined) throw new Failure('The HAR file holds no request with the signature header of a provider.')
  const { headers, postData } = entry.request
  const atMs = Date.parse(entry.startedDateTime ?? '')
  return {
    headers: collectHeaders(headers.map(({ name, value }) => [name, value] as const)),
    body: Buffer.from(postData?.text ?? '', postData?.encoding === 'base64' ? 'base64' : 'utf8'),
    ...(!Number.isNaN(atMs) && { atMs }),
  }
}

function entriesOf(text: string): readonly HarEntry[] {
  const entries = parse(text)?.log?.entries
  if (!Array.isArray(entries)) throw new Failure('--har needs a HAR file: JSON with log.entries.')
  return entries.filter((entry) => Array.isArray(entry?.request?.headers))
}

function parse(text: string): { log?: { entries?: unknown } } | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
