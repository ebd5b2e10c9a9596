import type { Question } from '../contenders.js'

/** Each in a process that loads nothing of the others. */
const SERVERS = {
  express: () => import('./express.js'),
  koa: () => import('./koa.js'),
  fastify: () => import('./fastify.js'),
  hono: () => import('./hono.js'),
  peers: () => import('./peers.js'),
}

/** The process of one server. Its port goes to the parent, then the microseconds of its CPU whenever it is asked. */
const [file, name] = process.argv.slice(2)
// The parent passes names that are there.
const servers: Readonly<Record<string, () => Promise<number>>> = await SERVERS[file as keyof typeof SERVERS]()
process.send?.(await servers[name!]!())
process.on('message', (_question: Question) => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.once('disconnect', () => process.exit())
