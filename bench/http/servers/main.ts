import { startExpress } from './express.js'
import { startFastify } from './fastify.js'
import { startKoa } from './koa.js'
import { type StartServer, VARIANTS } from './variants.js'

/** The process of the servers: all variants of one framework, each on a port that is sent to the parent. */
const FRAMEWORKS: Readonly<Record<string, StartServer>> = {
  Express: startExpress,
  Koa: startKoa,
  Fastify: startFastify,
}

const start = FRAMEWORKS[process.argv[2] ?? '']
if (start === undefined) throw new TypeError(`There is no framework ${process.argv[2]}`)
process.send?.(await Promise.all(VARIANTS.map(start)))
process.on('disconnect', () => process.exit())
