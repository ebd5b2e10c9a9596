import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missing } from '../servers/services.js'

/** Whether a program is installed that tests start as a server of their own. Says so where it is not. */
export function isInstalled(program: string): boolean {
  // Debian keeps servers out of the PATH of users.
  const found = spawnSync('sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${program}`]).status === 0
  if (!found) missing(`there is no ${program} to start`)
  return found
}

export interface PrivateServer {
  readonly port: number
  /** Ends it, and removes its folder. */
  stop(): Promise<void>
}

/**
 * Starts a program in the foreground, in a folder of its own, and waits until it listens. It ends with this process,
 * in whichever way that ends.
 */
export async function startServer(
  program: string,
  port: number,
  argsFor: (folder: string) => Promise<readonly string[]>,
): Promise<PrivateServer> {
  const folder = await mkdtemp(join(tmpdir(), `mailbox-hooks-${program}-`))
  const args = await argsFor(folder)
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
  const server = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const guard = spawn('sh', ['-c', `cat; kill ${server.pid}`], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  let complaint = ''
  server.stderr.on('data', (text) => {
    complaint += text
  })
  const ended = once(server, 'exit')
  for (let tries = 0; !(await isListening(port)); tries++) {
    if (server.exitCode !== null || tries > 200) throw new Error(`${program} did not start: ${complaint}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return {
    port,
    stop: async () => {
      guard.stdin.end()
      await ended
      await rm(folder, { recursive: true })
    },
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.destroy()).once('error', () => {})
    socket.once('close', (hasFailed) => resolve(!hasFailed))
  })
}
