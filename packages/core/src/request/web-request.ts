import { drainWebBody } from './drain-web-body.js'
import { drainLimits } from './draining.js'
import { readWebBody } from './read-web-body.js'
import type { WebhookRequest } from './webhook-request.js'

/** A fetch request, for adapters of fetch runtimes and frameworks. */
export class WebRequest implements WebhookRequest {
  readonly #request: Request
  readonly #headers: Headers
  #body: Promise<Uint8Array> | undefined

  constructor(request: Request) {
    this.#request = request
    this.#headers = request.headers
  }

  get original(): Request {
    return this.#request
  }

  get method(): string {
    return this.#request.method
  }

  get url(): string {
    return this.#request.url
  }

  header(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined
  }

  headers(): Record<string, string> {
    return Object.fromEntries(this.#headers)
  }

  readBody(limitBytes: number): Promise<Uint8Array> {
    this.#body = readWebBody(this.#request, limitBytes)
    return this.#body
  }

  isOpenEnded(): boolean {
    // Do not test transfer-encoding: HTTP/2 has none, and some runtimes hide it. Test the body last: some runtimes
    // create a stream on the first access, and the next request waits behind it.
    return this.header('content-length') === undefined && this.#request.body !== null
  }

  async drainBody(limitBytes: number): Promise<boolean> {
    const wasRead = await this.#body?.then(
      () => true,
      () => false,
    )
    return wasRead || drainWebBody(this.#request, drainLimits(limitBytes))
  }
}
