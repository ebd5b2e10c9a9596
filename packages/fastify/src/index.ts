export { webhooks } from './webhooks.js'
