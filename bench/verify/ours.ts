import {
  coldMailReseller,
  createReceiver,
  memoryStore,
  openMail,
  type Provider,
  type WebhookRequest,
} from '@mailbox-hooks/core'
import { SECRET } from '../signing.js'

const NOW = Date.UTC(2026, 2, 1, 9)
export const TIMESTAMP = String(NOW / 1000)

const secrets = [SECRET]

/** What is measured of ours: each provider whose signature is an HMAC. */
export const providers = {
  OpenMail: openMail({ secrets }),
  'Cold Mail Reseller, pinned': coldMailReseller({ secrets, signedContent: 'timestamp.body', encoding: 'hex' }),
  'Cold Mail Reseller, unpinned': coldMailReseller({ secrets }),
}

/** The signature check alone: headers, time, signature over the body. */
export function verifier(provider: Provider, signature: Buffer): (body: Uint8Array) => boolean {
  const headers = headersOf({
    'x-timestamp': TIMESTAMP,
    'x-signature': signature.toString('hex'),
    'cmr-x-timestamp': TIMESTAMP,
    'cmr-x-signature': signature.toString('hex'),
  })
  return (body) => provider.verify(provider.examine(headers, NOW)!, headers, body) !== undefined
}

/** The whole of `receive`, from the headers to a validated event, which was handled before in all calls but the first. */
export function receiver(signature: Buffer): (body: Uint8Array) => Promise<boolean> {
  const { receive } = createReceiver({ providers: [providers.OpenMail], store: memoryStore(), now: () => NOW })
  const headers = { 'x-timestamp': TIMESTAMP, 'x-signature': signature.toString('hex') }
  return async (body) => {
    const reception = await receive(new ReadRequest(headers, body))
    if (reception.answer !== undefined) return reception.answer.status === 200
    await reception.settle(200)
    return true
  }
}

/** A request whose body has been read, as an adapter makes it. */
class ReadRequest implements WebhookRequest {
  readonly method = 'POST'
  readonly #headers: Readonly<Record<string, string>>
  readonly #body: Uint8Array

  constructor(headers: Readonly<Record<string, string>>, body: Uint8Array) {
    this.#headers = headers
    this.#body = body
  }

  header(name: string): string | undefined {
    return this.#headers[name]
  }

  async readBody(): Promise<Uint8Array> {
    return this.#body
  }

  isOpenEnded(): boolean {
    return false
  }
}

/** What zod takes of that. */
export function schemaStep(body: Buffer): () => unknown {
  const payload: unknown = JSON.parse(body.toString())
  const schema = providers.OpenMail.schemaOf('message.received')!
  return () => schema['~standard'].validate(payload)
}

const headersOf = (values: Readonly<Record<string, string>>) => ({ header: (name: string) => values[name] })
