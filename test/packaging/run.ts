import { spawnSync } from 'node:child_process'

/** Runs a command and returns its output. If it fails, throws with everything it printed. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = attempt(command, args, cwd)
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')}\n${error ?? ''}${stdout}${stderr}`)
}

/** Runs a command and returns how it ended. */
export function attempt(command: string, args: readonly string[], cwd: string) {
  // The surrounding run's own settings are not a stranger's.
  const { NODE_ENV: _, NODE_OPTIONS: __, VITEST: ___, ...env } = process.env
  return spawnSync(command, args, { cwd, env, encoding: 'utf8' })
}
