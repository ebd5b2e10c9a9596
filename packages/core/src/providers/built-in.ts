import type { Secret } from '../signature/secrets.js'
import { agentMail } from './agentmail/index.js'
import { coldMailReseller } from './cold-mail-reseller/index.js'
import { inboxKit } from './inboxkit/index.js'
import { openMail } from './openmail/index.js'
import type { Provider } from './provider.js'
import { resend } from './resend/index.js'

type Create = (options: { readonly secrets: readonly Secret[] }) => Provider

/** The built-in providers by name, for stored deliveries whose provider is no longer configured. */
export const BUILT_IN_PROVIDERS: Readonly<Record<string, Create>> = {
  'cold-mail-reseller': coldMailReseller,
  inboxkit: inboxKit,
  openmail: openMail,
  agentmail: agentMail,
  resend: resend,
}
