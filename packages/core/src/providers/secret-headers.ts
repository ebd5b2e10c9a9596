import { isToken } from '../signature/readings.js'
import type { Provider } from './provider.js'

/**
 * Returns the lower-case names of the headers whose value is itself a secret, because the provider sends a static token:
 * InboxKit's signature, `authorization` of a provider with Basic authentication. Whoever reads one in a log can forge
 * deliveries. For the redact list of whatever logs requests.
 *
 * A signature over the body is no secret, and its header is not among them. Neither is a token in the query: keep URLs of
 * such a provider out of logs.
 *
 * @example
 * pinoHttp({ redact: secretHeaders(providers).map((name) => `req.headers["${name}"]`) })
 */
export function secretHeaders(providers: readonly Provider[]): string[] {
  const names = providers
    .filter(({ scheme }) => scheme.signature.readings.some(isToken))
    .flatMap(({ signatureHeader, headerFamilies }) => [
      signatureHeader,
      ...headerFamilies.map(({ signature }) => signature),
    ])
  return [...new Set(names)].filter((name) => name !== '')
}
