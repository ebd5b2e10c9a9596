export { type WebhookMiddleware, type WebhookState, webhooks } from './webhooks.js'
