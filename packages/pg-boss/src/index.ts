export type { DeadLetter } from '@mailbox-hooks/core/queue'
export { type DeadLettersOptions, deadLetters } from './dead-letters.js'
export type { DeadLetterBossLike, PgBossQueue } from './job-table.js'
export { type BossLike, type PgBossHandOffOptions, type PoolLike, pgBossHandOff } from './pg-boss-hand-off.js'
export {
  type JobLike,
  type PgBossProcessor,
  type PgBossProcessorOptions,
  pgBossProcessor,
  type SettlingBossLike,
} from './pg-boss-processor.js'
export { redrive } from './redrive.js'
