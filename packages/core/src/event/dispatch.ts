import type { AnyEvent } from './event.js'

/** Anything that carries an event: a delivery. */
interface Carrier {
  readonly event: AnyEvent
}

/** A delivery whose event is of one type. */
export type Narrowed<D extends Carrier, Type extends string> = D extends Carrier
  ? Extract<D['event'], { type: Type }> extends never
    ? never
    : Omit<D, 'event'> & { readonly event: Extract<D['event'], { type: Type }> }
  : never

/** The types a delivery's event may have, without `unknown`, which `otherwise` is for. */
type KnownTypes<D extends Carrier> = Exclude<D['event']['type'], 'unknown'>

/** A function for each event type, and one for all the others. */
export type DispatchHandlers<D extends Carrier, Result = unknown> = {
  readonly [Type in KnownTypes<D>]?: (delivery: Narrowed<D, Type>) => Result
} & {
  /** For events without a function of their own, unknown ones among them. */
  readonly otherwise?: (delivery: D) => Result
}

/**
 * Calls the function for the delivery's event type and returns what it returns. Without one, `otherwise` is called;
 * without that, nothing, which acknowledges the event.
 *
 * @example
 * await dispatch(delivery, {
 *   'mailbox.created': async ({ event }) => store(event.payload.data.mailboxDetails),
 *   otherwise: async ({ event }) => logger.info(event),
 * })
 */
export function dispatch<D extends Carrier, Result>(
  delivery: D,
  handlers: DispatchHandlers<D, Result>,
): Result | undefined {
  const byType = handlers as Readonly<Record<string, ((delivery: D) => Result) | undefined>>
  const { type, known } = delivery.event
  // Own properties only: an event may be named like something every object has.
  const handler = known && Object.hasOwn(byType, type) ? byType[type] : undefined
  return (handler ?? byType.otherwise)?.(delivery)
}
