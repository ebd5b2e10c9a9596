import type { IncomingMessage } from 'node:http'
import { readNodeBody } from './body/read-node-body.js'
import type { WebhookRequest } from './request.js'

/** A request of Node's own server, for adapters of frameworks that are built on it. */
export class NodeRequest implements WebhookRequest {
  readonly #request: IncomingMessage

  constructor(request: IncomingMessage) {
    this.#request = request
  }

  get method(): string {
    return this.#request.method ?? ''
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  readBody(limitBytes: number): Promise<Uint8Array> {
    return readNodeBody(this.#request, limitBytes)
  }

  isOpenEnded(): boolean {
    return !this.#request.complete && this.#request.headers['transfer-encoding'] !== undefined
  }
}
