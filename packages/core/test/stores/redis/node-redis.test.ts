import { NODE_REDIS } from './clients.js'
import { redisSuite } from './redis-suite.js'

for (const [name, { connect }] of Object.entries(NODE_REDIS)) redisSuite(name, connect)
