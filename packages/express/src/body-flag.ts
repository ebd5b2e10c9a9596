import { IncomingMessage } from 'node:http'

/** A Node request, with or without Express. */
export interface WebhookMessage extends IncomingMessage {
  /** The delivery that the middleware accepted. */
  webhook?: object | undefined
  _body?: unknown
}

/** The prototypes whose requests have the flag. */
const flagged = new WeakSet<object>()

/**
 * Tells the body parsers of Express 4 that there is nothing left to read, by the flag `_body` that they ask for. Call it after
 * `webhook` is set.
 *
 * Express gives each request a hidden class of its own, so a property of the request takes 4 µs, as much as its signature.
 * So the flag is an accessor, once for all requests of an Express. A plain request of Node gets the property.
 */
export function flagBodyAsRead(request: WebhookMessage): void {
  const prototype: object = Object.getPrototypeOf(request)
  if (flagged.has(prototype)) return
  const shared = sharedPrototype(prototype)
  if (shared === undefined) {
    request._body = true
    return
  }
  Object.defineProperty(shared, '_body', FLAG)
  flagged.add(prototype)
}

const FLAG: PropertyDescriptor & ThisType<WebhookMessage> = {
  configurable: true,
  get() {
    return this.webhook === undefined ? undefined : true
  },
  // The parsers set it where they read a body.
  set(value: unknown) {
    Object.defineProperty(this, '_body', { value, configurable: true, enumerable: true, writable: true })
  },
}

/** Returns the prototype that the requests of all applications of an Express have. Undefined for a request of Node itself. */
function sharedPrototype(prototype: object): object | undefined {
  let shared: object | undefined
  for (let next: object | null = prototype; next !== IncomingMessage.prototype; next = Object.getPrototypeOf(next)) {
    if (next === null) return undefined
    shared = next
  }
  return shared
}
