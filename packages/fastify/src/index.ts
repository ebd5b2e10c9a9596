export { type ScopeWebhooks, webhooks } from './webhooks.js'
