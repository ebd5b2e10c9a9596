import type { IncomingMessage } from 'node:http'

type ErrorHandler = (
  error: unknown,
  request: IncomingMessage,
  response: unknown,
  next: (error?: unknown) => void,
) => void

/** The route of a request, with a method for each HTTP method that adds a layer. */
type RouteLike = Record<string, ((handler: ErrorHandler) => unknown) | undefined>

const routes = new WeakSet<object>()

/**
 * On the delivery, because in Express each request has a hidden class of its own, which a property makes anew. Not a
 * WeakMap, which keeps each delivery until the next full garbage collection.
 */
const kFail = Symbol('mailbox-hooks.fail')

interface NotedMessage extends IncomingMessage {
  route?: RouteLike
  webhook?: { [kFail]?: (error: unknown) => void } | undefined
}

/**
 * Calls `fail` with the error that the route's handler passes on for a delivery, before the application's error handlers
 * see it.
 *
 * It adds a layer behind the handlers of the route at the route's first delivery, because a route reports errors in no
 * other way. If the middleware is mounted by `app.use`, there is no route, and the error stays unknown.
 */
export function noteErrors(request: NotedMessage, delivery: object, fail: (error: unknown) => void): void {
  const { route, method } = request
  if (typeof route !== 'object' || route === null) return
  Object.defineProperty(delivery, kFail, { value: fail })
  if (routes.has(route)) return
  routes.add(route)
  route[String(method).toLowerCase()]?.(noteError)
}

const noteError: ErrorHandler = (error, request: NotedMessage, _response, next) => {
  request.webhook?.[kFail]?.(error)
  next(error)
}
