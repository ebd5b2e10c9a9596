export { type WebhookMiddleware, webhooks } from './webhooks.js'
