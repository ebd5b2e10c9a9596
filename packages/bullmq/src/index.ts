export { type BullmqHandOffOptions, bullmqHandOff, type QueueLike } from './bullmq-hand-off.js'
export { type BullmqProcessor, bullmqProcessor, type JobLike } from './bullmq-processor.js'
