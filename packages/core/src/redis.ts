export type { IoredisLike, NodeRedisLike, RedisClientLike } from './stores/redis/redis-commands.js'
export { type RedisStoreOptions, redisStore } from './stores/redis/redis-store.js'
