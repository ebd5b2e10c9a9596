import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '../servers/free-port.js'

const START_MS = 60_000

/** Starts an application as a process, which is told its port by the environment and says when it listens. */
export async function startApplication(
  command: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
) {
  const port = await freePort()
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NODE_ENV: 'production', ...env, PORT: String(port) },
    // A group of its own: some start processes themselves.
    detached: true,
  })
  const ended = once(child, 'close')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL')
    await ended
  }
  const timeout = AbortSignal.timeout(START_MS)
  try {
    while (!/Listening|Ready in/.test(output)) {
      await Promise.race([
        once(child.stdout, 'data', { signal: timeout }),
        ended.then(() => Promise.reject(new Error('ended'))),
      ])
    }
  } catch {
    await close()
    throw new Error(`${command.join(' ')} did not start\n${output}`)
  }
  return { url: `http://127.0.0.1:${port}`, output: () => output, close }
}
