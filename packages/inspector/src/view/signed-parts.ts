import type { Provider, Reading } from '@mailbox-hooks/core'
import type { BodyView } from '../api.js'

/** The parts of a request that its signature covers. */
export interface SignedView {
  readonly body: BodyView['signed']
  /** Lower-case names of the headers whose value is covered. */
  readonly headers: ReadonlySet<string>
  /** Lower-case names of the headers with the signature itself. */
  readonly signatures: ReadonlySet<string>
  /** Whether the signature is itself a secret. */
  readonly isToken: boolean
}

/** Says what a signature of a provider covers, by the reading that matched, or else by its first one. */
export function signedParts(provider: Provider, reading: string | undefined): SignedView {
  const { readings } = provider.scheme.signature
  const name = reading?.replace(/\/[^/]*$/, '')
  const found = readings.find((known) => nameOf(known) === name) ?? readings[0]
  const families = provider.headerFamilies
  const times = [provider.timestampHeader, ...families.map(({ time }) => time)]
  const ids = families.map(({ id }) => id)
  const parts = partsOf(found)
  const headers = [...(parts.time ? times : []), ...(parts.id ? ids : [])].filter((header) => header !== undefined)
  const signatures = [provider.signatureHeader, ...families.map(({ signature }) => signature)].filter((it) => it !== '')
  return { body: parts.body, headers: new Set(headers), signatures: new Set(signatures), isToken: parts.isToken }
}

interface Parts {
  readonly body: BodyView['signed']
  readonly time: boolean
  readonly id: boolean
  readonly isToken: boolean
}

function partsOf(reading: Reading | undefined): Parts {
  if (reading === undefined || 'token' in reading || ('algorithm' in reading && reading.algorithm === 'token')) {
    return { body: 'none', time: false, id: false, isToken: true }
  }
  if (!('content' in reading)) {
    // What `before` writes is code. Its trust says whether the time is in it.
    const { trust } = reading as { readonly trust?: string }
    return { body: 'all', time: trust === 'body+timestamp', id: false, isToken: false }
  }
  const { content } = reading
  const hasField = content.some((part) => typeof part === 'object' && 'field' in part)
  const body = content.includes('body') ? 'all' : hasField ? 'part' : 'none'
  return { body, time: content.includes('time'), id: content.includes('id'), isToken: false }
}

/** The name that outcomes have, without the encoding. */
function nameOf(reading: Reading): string {
  if (reading.name !== undefined) return reading.name
  if (!('content' in reading)) return 'token'
  return reading.content.map((part) => (typeof part === 'string' ? part : Object.values(part)[0])).join('')
}
