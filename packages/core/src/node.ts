import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { readNodeBody } from './body/read-node-body.js'
import type { WebhookRequest } from './request.js'

/** A request of Node's own server, for adapters of frameworks that are built on it. */
export class NodeRequest implements WebhookRequest {
  readonly #request: IncomingMessage
  /** Looked up once: in Express each request has a hidden class to itself, so that every look takes the slow path. */
  readonly #headers: IncomingHttpHeaders

  constructor(request: IncomingMessage) {
    this.#request = request
    this.#headers = request.headers
  }

  get method(): string {
    return this.#request.method ?? ''
  }

  header(name: string): string | undefined {
    const value = this.#headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  readBody(limitBytes: number): Promise<Uint8Array> {
    return readNodeBody(this.#request, this.#headers, limitBytes)
  }

  isOpenEnded(): boolean {
    return !this.#request.complete && this.#headers['transfer-encoding'] !== undefined
  }
}

/** Whether a header describes the body of an answer, so that it must go when the body is replaced. */
export const describesBody = (name: string): boolean => /^content-(?!security-policy)/.test(name)

/**
 * Whether a failure has been answered already, by a time limit that was faster than the claim. The provider comes again:
 * work that is done now could not be told from work undone.
 */
export const hasFailed = ({ writableEnded, statusCode }: ServerResponse): boolean => writableEnded && statusCode >= 400
