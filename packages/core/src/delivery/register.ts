import type { ColdMailResellerEvents } from '../providers/cold-mail-reseller/index.js'
import type { InboxKitEvents } from '../providers/inboxkit/index.js'
import type { OpenMailEvents } from '../providers/openmail/index.js'
import type { Provider } from '../providers/provider.js'
import type { DeliveryOf } from './delivery.js'

/**
 * Declares the providers of your application, to type `req.webhook`, `ctx.state.webhook` and `request.webhook`. Those
 * types cannot follow from `webhooks(options)`. Default: Cold Mail Reseller, InboxKit and
 * OpenMail.
 *
 * @example
 * const providers = [openMail({ secrets }), acme] as const
 * declare module '@mailbox-hooks/core' {
 *   interface Register { providers: typeof providers }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: users merge their providers into it
export interface Register {}

/** The delivery type of the providers in `Register`, or of the built-in ones. */
export type RegisteredDelivery = Register extends { providers: readonly (infer P)[] } ? DeliveryOf<P> : BuiltInDelivery

type BuiltInDelivery = DeliveryOf<
  | Provider<'cold-mail-reseller', ColdMailResellerEvents>
  | Provider<'inboxkit', InboxKitEvents>
  | Provider<'openmail', OpenMailEvents>
>
