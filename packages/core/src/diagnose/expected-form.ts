import type { Provider } from '../providers/provider.js'
import { algorithmOf, isContent, isToken } from '../signature/readings.js'

/** Describes how a provider writes its signatures: `sha256= and an HMAC-SHA256 in hex`. */
export function expectedForm({ scheme, signatureHeader }: Provider): string {
  const { signature, timestamp } = scheme
  const { authorization, pair, readings, separator, prefix = '' } = signature
  if (authorization !== undefined) return `${authorization} and ${authorization === 'Basic' ? 'base64' : 'the secret'}`
  const forms = readings.map((reading) => {
    const begins = (isContent(reading) ? reading.prefix : undefined) ?? prefix
    return `${begins === '' ? '' : `${begins} and `}${isToken(reading) ? 'a secret' : nameOf(algorithmOf(reading))}`
  })
  const form = `${[...new Set(forms)].join(', or ')} in ${encodingsOf(scheme)}`
  if (pair !== undefined) return `${timestamp?.pair === undefined ? '' : `${timestamp.pair}=…,`}${pair}= with ${form}`
  const several = separator === undefined ? '' : `, several of them with "${separator}" between`
  return `${signatureHeader === '' ? '' : `in the header ${signatureHeader} `}${form}${several}`
}

const encodingsOf = ({ signature: { encodings, readings } }: Provider['scheme']) =>
  (encodings ?? (readings.every(isToken) ? ['text'] : ['hex'])).join(' or ')

/** `HMAC-SHA256` and the like. */
export const nameOf = (algorithm: string): string => algorithm.toUpperCase()
