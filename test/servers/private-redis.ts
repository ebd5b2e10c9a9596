import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { hasCommand } from './commands.js'
import { freePort } from './free-port.js'

/** Whether tests can start a Redis server of their own. Says so where they cannot, or fails where they must. */
export function hasRedisServer(): boolean {
  return hasCommand('redis-server')
}

/** A Redis server that belongs to one test: it may be stopped, frozen and reconfigured. */
export class PrivateRedis {
  readonly port: number
  readonly #args: readonly string[]
  #process: ChildProcess | undefined
  #stop: (() => Promise<void>) | undefined

  /** On a free port, not started yet; `args` as for `redis-server`. */
  static async create(...args: string[]): Promise<PrivateRedis> {
    return new PrivateRedis(await freePort(), args)
  }

  private constructor(port: number, args: readonly string[]) {
    this.port = port
    this.#args = args
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Resolves when it accepts connections. It starts empty. */
  async start(): Promise<this> {
    const directory = await mkdtemp(join(tmpdir(), 'mailbox-hooks-redis-'))
    const settings = { port: this.port, bind: '127.0.0.1', dir: directory, save: '', appendonly: 'no' }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
    const server = spawn('redis-server', [...args, ...this.#args], { stdio: ['ignore', 'pipe', 'inherit'] })
    // The pipe closes when this process ends, in whichever way, and the server ends with it.
    const guard = spawn('sh', ['-c', `cat; kill -9 ${server.pid}; rm -r ${directory}`], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    this.#stop = async () => {
      const end = once(guard, 'exit')
      guard.stdin.end()
      await end
    }
    this.#process = server
    await readiness(server.stdout)
    return this
  }

  /** As a crash: nothing is said to the clients, nothing is kept. */
  async stop(): Promise<void> {
    await this.#stop?.()
    this.#stop = undefined
  }

  /** Its connections stay open, and nothing is answered until `resume`. */
  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  resume(): void {
    this.#process?.kill('SIGCONT')
  }
}

async function readiness(log: Readable): Promise<void> {
  let said = ''
  for await (const text of log) {
    said += text
    if (said.includes('Ready to accept connections')) return
  }
  throw new Error(`redis-server ended: ${said}`)
}
