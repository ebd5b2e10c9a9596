import { octokit, octokitMethods } from './octokit.js'
import type { Peer } from './peer.js'
import { standardWebhooks, svix } from './standard-webhooks.js'
import { stripe } from './stripe.js'
import { tern } from './tern.js'

export const peers: readonly Peer[] = [octokitMethods, octokit, stripe, standardWebhooks, svix, tern]
