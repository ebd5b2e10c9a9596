import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll } from 'vitest'
import { hasCommand } from '../../../test/servers/commands.js'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** The sources in one file, which starts four times as fast as they do: there are many processes to start. */
export const DIRECTORY = mkdtempSync(join(tmpdir(), 'mailbox-hooks-cli-'))
afterAll(() => rmSync(DIRECTORY, { recursive: true }))
const BUNDLE = join(DIRECTORY, 'main.cjs')
await build({
  entryPoints: [`${ROOT}packages/cli/src/main.ts`],
  outfile: BUNDLE,
  tsconfig: `${ROOT}tsconfig.json`,
  bundle: true,
  platform: 'node',
  // The bundle lies elsewhere than the package, whose version is read.
  define: { 'import.meta.url': JSON.stringify(pathToFileURL(`${ROOT}packages/cli/src/main.ts`)) },
})

export const COMMAND = [process.execPath, BUNDLE]

export const SECRETS = {
  CMR_API_KEY: 'cmr-api-key',
  INBOXKIT_API_KEY: 'inboxkit-team-key',
  OPENMAIL_WEBHOOK_SECRET: 'openmail-webhook-secret',
} as const

/** Includes the secrets of providers that the examples do not receive from. */
export const ALL_SECRETS = {
  ...SECRETS,
  AGENTMAIL_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  RESEND_WEBHOOK_SECRET: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
} as const

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** In place of all secrets. */
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
}

/** Runs the command line as its users do: a process of its own, its output in pipes. */
export const run = (args: readonly string[], options?: RunOptions): Promise<Finished> =>
  runProcess([...COMMAND, ...args], options)

/** Whether `runInTerminal` can do so. */
export const hasTerminal = (): boolean => hasCommand('script')

/** Runs it in a terminal, where stdout and stderr are one. */
export const runInTerminal = (args: readonly string[], options?: RunOptions): Promise<Finished> =>
  runProcess(['script', '-qec', [...COMMAND, ...args].map(quote).join(' '), '/dev/null'], options)

function runProcess(
  [file = '', ...args]: readonly string[],
  { env = SECRETS, input = '' }: RunOptions = {},
): Promise<Finished> {
  const { PATH, HOME } = process.env
  const child = spawn(file, args, { cwd: ROOT, env: { PATH, HOME, TERM: 'xterm-256color', ...env } })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (text) => (output[name] += text))
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, ...output }))
  })
}

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
