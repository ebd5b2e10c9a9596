export {
  type DurableObjectStoreOptions,
  durableObjectStore,
  type ObjectNamespaceLike,
} from './durable-object-store.js'
export { type ObjectStateLike, WebhookStore } from './webhook-store.js'
