import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.js'
import { missing } from './services.js'

/** Debian keeps it where only root's PATH looks. */
const PROGRAM = '/usr/sbin/pgbouncer'

/** The version of the PgBouncer that tests can start. Undefined, and said so, if there is none. */
export function findPgBouncer(): string | undefined {
  const { status, stdout } = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' })
  if (status === 0) return /PgBouncer ([\d.]+)/.exec(stdout)?.[1]
  missing('there is no pgbouncer to start')
  return undefined
}

export type PoolMode = 'session' | 'transaction' | 'statement'

/** A PgBouncer of one test, in front of the PostgreSQL of this URL. */
export class PrivatePgBouncer {
  /** Connections by this address go through it. */
  readonly url: string
  readonly #guard: ChildProcess

  private constructor(url: string, guard: ChildProcess) {
    this.url = url
    this.#guard = guard
  }

  /** Resolves when it accepts connections. Except in session mode it has fewer of its own than its clients have. */
  static async start(serverUrl: string, mode: PoolMode): Promise<PrivatePgBouncer> {
    const server = new URL(serverUrl)
    const port = await freePort()
    const directory = await mkdtemp(join(tmpdir(), 'mailbox-hooks-pgbouncer-'))
    const path = join(directory, 'pgbouncer.ini')
    await writeFile(path, configuration(server, port, mode))
    await chmod(directory, 0o755)
    // It refuses to run as root.
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
    const bouncer = spawn(PROGRAM, [...user, path], { stdio: ['ignore', 'ignore', 'pipe'] })
    // The pipe closes when this process ends, in whichever way, and the pooler ends with it.
    const guard = spawn('sh', ['-c', `cat; kill -9 ${bouncer.pid}; rm -r ${directory}`], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    for await (const line of createInterface(bouncer.stderr)) if (line.includes('process up')) break
    bouncer.stderr.resume()
    return new PrivatePgBouncer(Object.assign(new URL(server), { hostname: '127.0.0.1', port }).href, guard)
  }

  async stop(): Promise<void> {
    const end = once(this.#guard, 'exit')
    this.#guard.stdin?.end()
    await end
  }
}

const configuration = ({ hostname, port, username, password }: URL, ownPort: number, mode: PoolMode) => `
[databases]
* = host=${hostname} port=${port || 5432} user=${username}${password && ` password=${password}`}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${ownPort}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${mode === 'session' ? 50 : 3}
max_client_conn = 100
`
