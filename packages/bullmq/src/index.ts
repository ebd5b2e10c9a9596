export { type BullmqHandOffOptions, bullmqHandOff, type QueueLike } from './bullmq-hand-off.js'
export { bullmqProcessor, type JobLike } from './bullmq-processor.js'
