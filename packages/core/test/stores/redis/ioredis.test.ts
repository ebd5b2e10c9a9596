import { IOREDIS } from './clients.js'
import { redisSuite } from './redis-suite.js'

for (const [name, { connect }] of Object.entries(IOREDIS)) redisSuite(name, connect)
