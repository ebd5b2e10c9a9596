import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { freePort } from '../../../test/servers/free-port.js'
import { SECRETS } from './cli.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Starts an example from the sources, and ends it with the test. Resolves to the address of its receiver. */
export async function startExample(name: string): Promise<string> {
  const port = await freePort()
  const env = { ...process.env, ...SECRETS, PORT: String(port) }
  const server = spawn(process.execPath, ['--import', 'tsx', `examples/${name}/server.ts`], { cwd: ROOT, env })
  onTestFinished(() => void server.kill())
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (output += text))
  const url = `http://localhost:${port}/webhooks`
  while (!output.includes(`Listening on ${url}`)) {
    await Promise.race([once(server.stdout, 'data'), once(server, 'exit')])
    if (server.exitCode !== null) throw new Error(`${name} ended: ${output}`)
  }
  return url
}
