export type { IoredisLike, NodeRedisLike, RedisClientLike, UpstashLike } from './stores/redis/redis-commands.js'
export { type RedisStoreOptions, redisStore } from './stores/redis/redis-store.js'
