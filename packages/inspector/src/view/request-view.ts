import type { JournalArrival, Provider } from '@mailbox-hooks/core'
import { credentialNames } from '@mailbox-hooks/core/queue'
import type { RequestView } from '../api.js'
import { MASK, revealInBody, viewBody } from './body-view.js'
import { decoded } from './find-credentials.js'
import { type SignedView, signedParts } from './signed-parts.js'

type Request = Pick<JournalArrival, 'method' | 'url' | 'rawHeaders' | 'body' | 'reading'>

/** What is shown of a request of somebody whose headers no provider has. */
const NOBODY: SignedView = { body: 'none', headers: new Set(), signatures: new Set(), isToken: true }

/** Shows a request with its credentials masked. */
export function viewRequest(request: Request, provider: Provider | undefined): RequestView {
  const { method, url, body, reading } = request
  const signed = provider === undefined ? NOBODY : signedParts(provider, reading)
  const isSecret = secretHeader(provider, signed)
  return {
    method,
    ...(url !== undefined && { url: maskQuery(url, provider) }),
    headers: pairsOf(request.rawHeaders).map(([name, value]) => {
      const isMasked = isSecret(name) && value !== ''
      const isSigned = signed.headers.has(name.toLowerCase())
      return { name, value: isMasked ? MASK : value, signed: isSigned, masked: isMasked }
    }),
    ...(body !== undefined && { body: viewBody(body, { ...bodyTerms(request, provider), signed: signed.body }) }),
  }
}

/**
 * Returns one credential: at a path of the body, of a header (`header:x-inboxkit-signature`), or of the query
 * (`query:token`). Undefined where there is none.
 */
export function reveal(request: Request, path: string, provider: Provider | undefined): string | undefined {
  const [place = '', name = ''] = path.split(/:(.*)/s)
  const signed = provider === undefined ? NOBODY : signedParts(provider, request.reading)
  if (place === 'header' && secretHeader(provider, signed)(name)) {
    return pairsOf(request.rawHeaders).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1]
  }
  if (place === 'query' && secretParameter(provider)(name)) {
    const value = new URLSearchParams(request.url?.split(/\?(.*)/s)[1]).get(name)
    return value ?? undefined
  }
  return request.body && revealInBody(request.body, path, bodyTerms(request, provider))
}

export function bodyTerms({ rawHeaders }: Pick<Request, 'rawHeaders'>, provider: Provider | undefined) {
  const type = pairsOf(rawHeaders).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return { also: provider?.credentials ?? [], isForm: type.startsWith('application/x-www-form-urlencoded') }
}

function pairsOf(rawHeaders: readonly string[]): (readonly [string, string])[] {
  return rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []))
}

/** A signature over the body is no secret. A static token is, and what is named like a credential. */
function secretHeader(provider: Provider | undefined, { signatures, isToken }: SignedView) {
  const isCredential = credentialNames([])
  return (name: string) => {
    const known = name.toLowerCase()
    return signatures.has(known) ? isToken : isCredential(known) && !isHeaderOf(provider, known)
  }
}

/** `signature` in a name makes it a credential, in `x-signature-timestamp`, too. */
const isHeaderOf = (provider: Provider | undefined, name: string) =>
  provider?.timestampHeader === name || provider?.headerFamilies.some(({ id, time }) => id === name || time === name)

function secretParameter(provider: Provider | undefined) {
  const isCredential = credentialNames([])
  const { query } = provider?.scheme.signature ?? {}
  return (name: string) => name === query || isCredential(name)
}

function maskQuery(url: string, provider: Provider | undefined): string {
  const at = url.indexOf('?')
  if (at === -1) return url
  const isSecret = secretParameter(provider)
  const parameters = url.slice(at + 1).split('&')
  const shown = parameters.map((parameter) => {
    const [name = '', value] = parameter.split(/=(.*)/s)
    return value !== undefined && value !== '' && isSecret(decoded(name)) ? `${name}=${MASK}` : parameter
  })
  return `${url.slice(0, at)}?${shown.join('&')}`
}
