export { type BossLike, type PgBossHandOffOptions, type PoolLike, pgBossHandOff } from './pg-boss-hand-off.js'
export {
  type JobLike,
  type PgBossProcessor,
  type PgBossProcessorOptions,
  pgBossProcessor,
  type SettlingBossLike,
} from './pg-boss-processor.js'
