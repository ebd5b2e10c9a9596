export { type WebhookHandler, type WebhookRoute, webhooks } from './webhooks.js'
