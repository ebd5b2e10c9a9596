import type { IncomingMessage } from 'node:http'

const IN_FASTIFY =
  'webhooks: this is Express middleware in a Fastify application, whose parsers would wait for the body for ever. Register ' +
  '@mailbox-hooks/fastify instead; in NestJS, with @RouteConfig({ webhook: true }) on the route'

/** What @fastify/middie and @fastify/express put on the raw request. Express has none of them as own properties. */
const MARKS = ['hostname', 'ips', 'log'] as const

/**
 * Returns an error if the request is Fastify's and its body is still unread. Fastify runs Express middleware before its
 * own parsers. They would wait for a body that the receiver has read, and no delivery would be answered.
 */
export function errorInFastify(request: IncomingMessage): Error | undefined {
  if (!MARKS.every((name) => Object.hasOwn(request, name)) || request.readableDidRead) return undefined
  return new TypeError(IN_FASTIFY)
}
