import type { EventTypeName } from './event-type-name.js'

/** A value with an event, such as a delivery. */
interface Carrier {
  readonly event: { readonly type: string; readonly known: boolean }
}

/** A delivery whose event is of one type. */
export type Narrowed<D extends Carrier, Type extends string> = D extends Carrier
  ? Extract<D['event'], { type: Type }> extends never
    ? never
    : Omit<D, 'event'> & { readonly event: Extract<D['event'], { type: Type }> }
  : never

/** The event types of a delivery, without `unknown`, which goes to `otherwise`. */
type KnownTypes<D extends Carrier> = EventTypeName extends D['event']['type']
  ? string
  : Exclude<D['event']['type'], 'unknown'>

/**
 * Functions by event type.
 *
 * The condition always holds. Without it, TypeScript before 5.7 gives the parameter of each function no type.
 */
export type DispatchHandlers<D extends Carrier, Result = unknown> = [D] extends [unknown] ? Handlers<D, Result> : never

type Handlers<D extends Carrier, Result> = {
  readonly [Type in KnownTypes<D>]?: (delivery: Narrowed<D, Type>) => Result
} & {
  /** Handles events without a function of their own, including unknown events. */
  readonly otherwise?: (delivery: D) => Result
}

/**
 * Calls the function for the delivery's event type and returns its result. If there is none, it calls `otherwise`. If
 * there is no `otherwise` either, it calls nothing, and the event counts as handled. The outcome then says
 * `handledBy: 'nobody'`, which `logOutcomes` writes as a warning.
 *
 * @example
 * await dispatch(delivery, {
 *   'mailbox.created': async ({ event }) => store(event.payload.data.mailboxDetails),
 *   otherwise: async ({ event }) => logger.warn(`no handler for ${event.type}`),
 * })
 */
export function dispatch<D extends Carrier, Result>(
  delivery: D,
  handlers: DispatchHandlers<D, Result>,
): Result | undefined {
  const byType = handlers as Readonly<Record<string, ((delivery: D) => Result) | undefined>>
  const { type, known } = delivery.event
  // Own properties only: an event type may equal the name of a property that every object inherits.
  const handler = known && Object.hasOwn(byType, type) ? byType[type] : undefined
  const found = handler ?? byType.otherwise
  hasHandler.set(delivery, found !== undefined || hasHandler.get(delivery) === true)
  return found?.(delivery)
}

/** Whether one of the maps that a delivery was dispatched by had a function for it. */
const hasHandler = new WeakMap<Carrier, boolean>()

/** Returns whether the delivery was dispatched, and never to a function. */
export const wasLeftToNobody = (delivery: Carrier): boolean => hasHandler.get(delivery) === false
