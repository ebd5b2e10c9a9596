import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { drainNodeBody } from './drain-node-body.js'
import { drainLimits } from './draining.js'
import { readNodeBody } from './read-node-body.js'
import type { RawHead, WebhookRequest } from './webhook-request.js'

/** A request of Node's HTTP server, for adapters of frameworks that are built on it. */
export class NodeRequest implements WebhookRequest {
  readonly original: unknown
  readonly #request: IncomingMessage
  /** Read once: in Express each request has its own hidden class, so every property access takes the slow path. */
  readonly #headers: IncomingHttpHeaders

  /** @param original the framework's own request, which `onOutcome` gets. Default: the request of Node */
  constructor(request: IncomingMessage, original: unknown = request) {
    this.original = original
    this.#request = request
    this.#headers = request.headers
  }

  get method(): string {
    return this.#request.method ?? ''
  }

  get url(): string | undefined {
    return this.#request.url
  }

  header(name: string): string | undefined {
    const value = this.#headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  headers(): Record<string, string> {
    const names = Object.keys(this.#headers)
    return Object.fromEntries(names.map((name) => [name, this.header(name) ?? '']))
  }

  rawHead(): RawHead {
    const { socket, url, rawHeaders } = this.#request
    // A router that is mounted below a path has cut it off.
    const { originalUrl = url } = Object(this.original) as { originalUrl?: string }
    const { localAddress: address, localPort: port } = socket ?? {}
    const isKnown = address !== undefined && port !== undefined
    const local = isKnown ? { address, port, isEncrypted: 'encrypted' in socket } : undefined
    return { url: originalUrl, rawHeaders, local }
  }

  readBody(limitBytes: number): Promise<Uint8Array> {
    return readNodeBody(this.#request, this.#headers, limitBytes)
  }

  isOpenEnded(): boolean {
    return this.#headers['transfer-encoding'] !== undefined
  }

  /** Beside the answer, which waits for nothing: what the headers decide is refused before the body comes. */
  async drainBody(limitBytes: number): Promise<boolean> {
    drainNodeBody(this.#request, drainLimits(limitBytes))
    return true
  }
}
