import type { JournalArrival, Secret } from '@mailbox-hooks/core'
import {
  type DeliveryOptions,
  type PlayableProvider,
  type SignedDelivery,
  signedDelivery,
} from '@mailbox-hooks/testing'
import type { ShownProvider } from '../data/provider-book.js'
import type { Played } from './post.js'

/** Calls `signedDelivery` for an event that is known at run time only. */
const deliver = signedDelivery as (
  provider: PlayableProvider,
  event: string,
  options: DeliveryOptions<Record<string, unknown>, string | Uint8Array>,
) => SignedDelivery<string | Uint8Array>

/** Returns the secret to sign with, that which verified if it is known. Undefined where a public key alone is known. */
export function signingSecret({ secrets }: ShownProvider, index = 0): Secret | undefined {
  const ordered = [secrets[index], ...secrets].filter((secret) => secret !== undefined)
  return ordered.find((secret) => typeof secret !== 'string' || !/^(whpk_|-----BEGIN PUBLIC)/.test(secret))
}

export interface ToSign {
  readonly label: string
  readonly shown: ShownProvider
  readonly type: string
  readonly body: Uint8Array | string
  readonly at: number
  readonly secret: Secret
  /** The reading by which the delivery verified, e.g. `timestamp.body/hex`. */
  readonly reading?: string | undefined
}

/** Signs a body as its provider does. */
export function sign({ label, shown, type, body, at, secret, reading }: ToSign): Played {
  const { headers, body: signed, query } = signWith({ shown, type, body, at, secret }, reading)
  return { label, rawHeaders: Object.entries(headers).flat(), body: Buffer.from(signed), query }
}

function signWith({ shown, type, body, at, secret }: Omit<ToSign, 'label' | 'reading'>, reading: string | undefined) {
  const options = { secret, body, at }
  const [, name, encoding] = /^(.+)\/(hex|base64)$/.exec(reading ?? '') ?? []
  if (name === undefined) return deliver(shown.playable, type, options)
  try {
    return deliver(shown.playable, type, { ...options, reading: name, encoding: encoding as 'hex' | 'base64' })
  } catch (error) {
    // The sender does not know the reading by this name.
    if (error instanceof TypeError) return deliver(shown.playable, type, options)
    throw error
  }
}

/** As it came, for the bytes that it had. */
export const asItCame = ({ method, rawHeaders, url }: JournalArrival, body: Uint8Array, label: string): Played => ({
  label,
  method,
  rawHeaders,
  body,
  query: url?.split('?', 2)[1],
})
