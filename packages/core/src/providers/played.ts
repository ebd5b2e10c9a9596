import { agentMailPlayed } from './agentmail/play.js'
import { coldMailResellerPlayed } from './cold-mail-reseller/play.js'
import { inboxKitPlayed } from './inboxkit/play.js'
import { openMailPlayed } from './openmail/play.js'
import { resendPlayed } from './resend/play.js'

/** The built-in providers, in the order in which they are listed everywhere. */
export const PLAYED = [coldMailResellerPlayed, inboxKitPlayed, openMailPlayed, agentMailPlayed, resendPlayed] as const
