import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs an example that ends by itself, by its one command. */
export async function run(
  example: string,
  environment: Record<string, string>,
): Promise<{ status: number; output: string }> {
  const cwd = new URL(`./${example}/`, import.meta.url)
  const command = spawn('npm', ['start'], { cwd, env: { ...process.env, ...environment } })
  let output = ''
  for (const stream of [command.stdout, command.stderr]) stream.on('data', (text) => (output += text))
  const [status] = await once(command, 'close')
  return { status, output }
}
