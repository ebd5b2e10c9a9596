// What packages for queues are made of

export { checkNames } from './option-names.js'
export type { PackedDelivery } from './queue/packed-delivery.js'
export type { Queued, QueuedDelivery } from './queue/queued-delivery.js'
export type { QueuedHandlers } from './queue/queued-handler.js'
export { deliveryPacker, queuedHandler } from './queue/queued-handler.js'
export { SealError } from './sealing/sealer.js'
export type { SealingKey, SealingOptions } from './sealing/sealing-keys.js'
