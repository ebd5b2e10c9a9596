// For queue packages

export { checkNames } from './options/option-names.js'
export { unsetFault } from './options/unset-text.js'
export type { PackedDelivery } from './queue/packed-delivery.js'
export type { Queued, QueuedDelivery } from './queue/queued-delivery.js'
export type { QueuedHandlers } from './queue/queued-handler.js'
export { deliveryPacker, queuedHandler } from './queue/queued-handler.js'
export { SealError } from './queue/sealer.js'
export type { SealingKey, SealingOptions } from './queue/sealing-keys.js'
export { printableJson } from './redaction/printable-json.js'
export { type SecretCutter, secretCutter } from './redaction/secret-cutter.js'
