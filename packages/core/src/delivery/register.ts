import type { ColdMailResellerEvents } from '../providers/cold-mail-reseller/index.js'
import type { InboxKitEvents } from '../providers/inboxkit/index.js'
import type { OpenMailEvents } from '../providers/openmail/index.js'
import type { Provider } from '../providers/provider.js'
import type { DeliveryOf } from './delivery.js'

/**
 * Names the providers of your application, where a delivery's type cannot follow from `webhooks(options)`: on
 * `req.webhook`, `ctx.state.webhook` and `request.webhook`. Without it they are the three built-in ones.
 *
 * @example
 * const providers = [openMail({ secrets }), acme] as const
 * declare module '@mailbox-hooks/core' {
 *   interface Register { providers: typeof providers }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: users merge their providers into it
export interface Register {}

/** The delivery of any provider of the application: those in `Register`, or the built-in ones. */
export type RegisteredDelivery = Register extends { providers: readonly (infer P)[] } ? DeliveryOf<P> : BuiltInDelivery

type BuiltInDelivery = DeliveryOf<
  | Provider<'cold-mail-reseller', ColdMailResellerEvents>
  | Provider<'inboxkit', InboxKitEvents>
  | Provider<'openmail', OpenMailEvents>
>
