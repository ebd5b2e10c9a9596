import type { IncomingMessage } from 'node:http'
import { noteHandlerError } from '@mailbox-hooks/core/node'

type ErrorHandler = (
  error: unknown,
  request: IncomingMessage,
  response: unknown,
  next: (error?: unknown) => void,
) => void

/** The route of a request, with a method for each HTTP method that adds a layer. */
type RouteLike = Record<string, ((handler: ErrorHandler) => unknown) | undefined>

const routes = new WeakSet<object>()

interface NotedMessage extends IncomingMessage {
  route?: RouteLike
  webhook?: object | undefined
}

/**
 * Notes the errors that the handlers of the request's route pass on for their deliveries, before the application's error
 * handlers see them.
 *
 * It adds a layer behind the handlers of the route at the route's first delivery, because a route reports errors in no
 * other way. If the middleware is mounted by `app.use`, there is no route, and the error stays unknown.
 */
export function noteErrors(request: NotedMessage): void {
  const { route } = request
  if (typeof route !== 'object' || route === null || routes.has(route)) return
  routes.add(route)
  route[String(request.method).toLowerCase()]?.(noteError)
}

const noteError: ErrorHandler = (error, { webhook }: NotedMessage, _response, next) => {
  noteHandlerError(webhook, error)
  next(error)
}
