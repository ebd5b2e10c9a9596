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
const failures = new WeakMap<object, (error: unknown) => void>()

/**
 * Calls `fail` with the error that the route's handler passes on, before the application's error handlers see it.
 *
 * It adds a layer behind the handlers of the route at the route's first delivery, because a route reports errors in no
 * other way. If the middleware is mounted by `app.use`, there is no route, and the error stays unknown.
 */
export function noteErrors(request: IncomingMessage, fail: (error: unknown) => void): void {
  const { route, method } = request as { route?: RouteLike; method?: string }
  if (typeof route !== 'object' || route === null) return
  failures.set(request, fail)
  if (routes.has(route)) return
  routes.add(route)
  route[String(method).toLowerCase()]?.(noteError)
}

const noteError: ErrorHandler = (error, request, _response, next) => {
  failures.get(request)?.(error)
  next(error)
}
