import type { HeaderReader } from '../request/webhook-request.js'
import type { HeaderFamily } from './places.js'

/** The headers by which a provider's deliveries are known. */
interface SignatureHeaders {
  /** Empty where the signature stands elsewhere. */
  readonly signatureHeader: string
  readonly headerFamilies: readonly HeaderFamily[]
}

/** Returns whether a request has a signature header of any of the providers, of whichever family. */
export const isSigned = (providers: readonly SignatureHeaders[], request: HeaderReader): boolean =>
  providers
    .flatMap(({ signatureHeader, headerFamilies }) => [
      signatureHeader,
      ...headerFamilies.map(({ signature }) => signature),
    ])
    .some((name) => name !== '' && request.header(name) !== undefined)
