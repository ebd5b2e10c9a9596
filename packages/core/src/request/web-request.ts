import { readWebBody } from './read-web-body.js'
import type { WebhookRequest } from './webhook-request.js'

/** A fetch request, for adapters of fetch runtimes and frameworks. */
export class WebRequest implements WebhookRequest {
  readonly #request: Request

  constructor(request: Request) {
    this.#request = request
  }

  get method(): string {
    return this.#request.method
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined
  }

  headers(): Record<string, string> {
    return Object.fromEntries(this.#request.headers)
  }

  readBody(limitBytes: number): Promise<Uint8Array> {
    return readWebBody(this.#request, limitBytes)
  }

  isOpenEnded(): boolean {
    // Do not test transfer-encoding: HTTP/2 has none, and some runtimes hide it.
    return !this.#request.bodyUsed && this.#request.body !== null && this.header('content-length') === undefined
  }
}
