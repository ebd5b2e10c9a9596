import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from './free-port.js'
import { PrivateRedis } from './private-redis.js'

const SLOTS = 16_384
const NODE_TIMEOUT_MS = 1_000

interface Node {
  readonly server: PrivateRedis
  readonly admin: Redis
  readonly busPort: number
}

/** A Redis Cluster of one test: so many masters, each with a replica. */
export class RedisCluster {
  readonly #masters: readonly Node[]
  readonly #replicas: readonly Node[]

  /** Resolves when it serves all slots, and each replica follows its master. */
  static async start(masters: number): Promise<RedisCluster> {
    const nodes = await Promise.all(Array.from({ length: 2 * masters }, startNode))
    const cluster = new RedisCluster(nodes.slice(0, masters), nodes.slice(masters))
    await cluster.#join()
    return cluster
  }

  private constructor(masters: readonly Node[], replicas: readonly Node[]) {
    this.#masters = masters
    this.#replicas = replicas
  }

  get urls(): string[] {
    return this.#nodes.map(({ server }) => server.url)
  }

  /** Kills a master. Its replica takes over when the others have agreed that it is gone. */
  async killMaster(index: number): Promise<void> {
    await this.#masters[index]?.server.stop()
  }

  async stop(): Promise<void> {
    for (const { admin } of this.#nodes) admin.disconnect()
    await Promise.all(this.#nodes.map(({ server }) => server.stop()))
  }

  get #nodes(): readonly Node[] {
    return [...this.#masters, ...this.#replicas]
  }

  async #join(): Promise<void> {
    const [first, ...others] = this.#nodes
    const share = Math.ceil(SLOTS / this.#masters.length)
    for (const [index, { admin }] of this.#masters.entries()) {
      await admin.cluster('ADDSLOTSRANGE', index * share, Math.min((index + 1) * share, SLOTS) - 1)
      await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)
    }
    for (const { server, busPort } of others) {
      await first?.admin.call('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort)
    }
    await this.#until(async ({ admin }) => (await admin.cluster('INFO')).includes(`known_nodes:${this.#nodes.length}`))
    for (const [index, { admin }] of this.#replicas.entries()) {
      // There are as many of the one as of the other.
      await admin.call('CLUSTER', 'REPLICATE', await this.#masters[index]!.admin.cluster('MYID'))
    }
    await this.#until(async ({ admin }) => (await admin.cluster('INFO')).includes('cluster_state:ok'))
    await this.#until(async ({ admin }) => /role:master|master_link_status:up/.test(await admin.info('replication')))
    // Every node must have heard of every replica, or clients learn of too few.
    await this.#until(async ({ admin }) => {
      const nodes = String(await admin.cluster('NODES'))
      return nodes.split('\n').filter((line) => line.includes('slave')).length === this.#replicas.length
    })
  }

  async #until(isTrue: (node: Node) => Promise<boolean>): Promise<void> {
    for (const node of this.#nodes) while (!(await isTrue(node))) await wait(20)
  }
}

async function startNode(): Promise<Node> {
  const busPort = await freePort()
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-port': busPort,
    'cluster-announce-ip': '127.0.0.1',
    'cluster-node-timeout': NODE_TIMEOUT_MS,
    'cluster-replica-validity-factor': 0,
    'repl-diskless-sync-delay': 0,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = await (await PrivateRedis.create(...args)).start()
  // Refused while the node is being stopped.
  const admin = new Redis(server.url).on('error', () => {})
  return { server, admin, busPort }
}
