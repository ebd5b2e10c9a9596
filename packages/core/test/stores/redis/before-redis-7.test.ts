import { beforeRedis7 } from './clients.js'
import { redisSuite } from './redis-suite.js'

redisSuite('redis 6, on a server before version 7', beforeRedis7)
