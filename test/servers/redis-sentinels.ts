import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from './free-port.js'
import { PrivateRedis } from './private-redis.js'

const NAME = 'mailbox-hooks'
const DOWN_AFTER_MS = 500

/** A Redis of one test with two replicas, and three Sentinels that watch them. */
export class RedisSentinels {
  readonly name = NAME
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  readonly #servers: readonly PrivateRedis[]
  readonly #guards: readonly ChildProcess[]

  /** Resolves when the replicas follow, and the Sentinels know them and each other. `args` are settings of the servers. */
  static async start(...args: string[]): Promise<RedisSentinels> {
    const master = await (await PrivateRedis.create(...args)).start()
    const replicaOf = ['--replicaof', `127.0.0.1 ${master.port}`, '--repl-diskless-sync-delay', '0', ...args]
    const replicas = await Promise.all([0, 1].map(async () => (await PrivateRedis.create(...replicaOf)).start()))
    await Promise.all(replicas.map(link))
    const ports = await Promise.all([0, 1, 2].map(freePort))
    const guards = await Promise.all(ports.map((port) => startSentinel(port, master.port)))
    const started = new RedisSentinels([master, ...replicas], ports, guards)
    await Promise.all(ports.map(agreement))
    return started
  }

  private constructor(servers: readonly PrivateRedis[], ports: readonly number[], guards: readonly ChildProcess[]) {
    this.#servers = servers
    this.sentinels = ports.map((port) => ({ host: '127.0.0.1', port }))
    this.#guards = guards
  }

  /** Lets the first master stand still, with all of its connections. The Sentinels choose another one. */
  freezeMaster(): void {
    this.#servers[0]?.freeze()
  }

  /** Resolves when every Sentinel names another master than the first. */
  async failedOver(): Promise<void> {
    await Promise.all(this.sentinels.map(({ port }) => anotherMaster(port, this.#servers[0]?.port)))
  }

  /** Wakes the first master. It believes that it still is one, until the Sentinels tell it. */
  wakeMaster(): void {
    this.#servers[0]?.resume()
  }

  async stop(): Promise<void> {
    this.wakeMaster()
    await Promise.all(this.#guards.map(ended))
    await Promise.all(this.#servers.map((server) => server.stop()))
  }
}

/** Resolves when a replica has what its master has. */
async function link({ url }: PrivateRedis): Promise<void> {
  const admin = new Redis(url)
  while (!(await admin.info('replication')).includes('master_link_status:up')) await wait(50)
  admin.disconnect()
}

async function startSentinel(port: number, masterPort: number): Promise<ChildProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'mailbox-hooks-sentinel-'))
  const path = join(directory, 'sentinel.conf')
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${directory}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 3000`,
  ]
  await writeFile(path, `${settings.join('\n')}\n`)
  const sentinel = spawn('redis-server', [path, '--sentinel'], { stdio: 'ignore' })
  // The pipe closes when this process ends, in whichever way, and the Sentinel ends with it.
  return spawn('sh', ['-c', `cat; kill -9 ${sentinel.pid}; rm -r ${directory}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
}

async function agreement(port: number): Promise<void> {
  const admin = new Redis(port, { retryStrategy: () => 20, maxRetriesPerRequest: null }).on('error', () => {})
  for (;;) {
    const [state] = (await admin.call('SENTINEL', 'MASTERS')) as string[][]
    const values = Object.fromEntries(
      (state ?? []).flatMap((key, at) => (at % 2 === 0 ? [[key, state?.[at + 1]]] : [])),
    )
    if (values['num-other-sentinels'] === '2' && values['num-slaves'] === '2') break
    await wait(50)
  }
  admin.disconnect()
}

async function anotherMaster(sentinel: number, first: number | undefined): Promise<void> {
  const admin = new Redis(sentinel)
  for (;;) {
    const [, port] = (await admin.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)) as string[]
    if (port !== String(first)) break
    await wait(50)
  }
  admin.disconnect()
}

async function ended(guard: ChildProcess): Promise<void> {
  const end = once(guard, 'exit')
  guard.stdin?.end()
  await end
}
