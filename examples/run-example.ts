import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { folderOf } from './folder-of.ts'

/** Runs an example that ends by itself, by its one command. */
export async function run(
  example: string,
  environment: Record<string, string>,
): Promise<{ status: number; output: string }> {
  const command = spawn('npm', ['start'], { cwd: folderOf(example), env: { ...process.env, ...environment } })
  let output = ''
  for (const stream of [command.stdout, command.stderr]) stream.on('data', (text) => (output += text))
  const [status] = await once(command, 'close')
  return { status, output }
}

/** Kills a worker of an example by SIGTERM while its handler runs. Resolves to its exit code, and to what it said. */
export async function endedBySigterm(worker: URL, environment: Record<string, string>) {
  const said: string[] = []
  const child = fork(worker, { env: { ...process.env, ...environment }, execArgv: ['--import', 'tsx'] })
  const exit = once(child, 'exit')
  child.on('message', ({ did }: { did: string }) => {
    said.push(did)
    if (did === 'begin') child.kill('SIGTERM')
  })
  const [code] = await exit
  return { code, said }
}
