import { spawnSync } from 'node:child_process'
import { missing } from './services.js'

/** Whether a program can be run. Says so where it cannot, or fails where it must. */
export function hasCommand(name: string): boolean {
  const isInstalled = spawnSync(name, ['--version']).error === undefined
  if (!isInstalled) missing(`there is no ${name} to run`)
  return isInstalled
}
