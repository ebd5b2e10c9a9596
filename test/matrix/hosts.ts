import { join } from 'node:path'
import { LAMBDA_EVENTS } from '../hosts/lambda-events.js'
import { startApplication } from './application.js'
import { buildApps, buildLambdaRecipe, buildNext, buildWorker } from './build-apps.js'
import { type CheckResult, runChecks } from './driver.js'
import { install, packInto, versionOf } from './install.js'
import { NODES, OTHERS, type Runtime, runtimesIn } from './runtimes.js'
import type { Cell, Table } from './table.js'

const ADAPTERS = ['core', 'express', 'koa', 'fastify', 'fetch']

const FRAMEWORKS = {
  ...{ express: 5, koa: 3, fastify: 5, hono: 4, '@hono/node-server': 2 },
  ...{ '@nestjs/core': 12, '@nestjs/common': 12, '@nestjs/platform-express': 12, '@nestjs/platform-fastify': 12 },
  ...{ 'reflect-metadata': 0.2, rxjs: 7, next: 16, react: 19, 'react-dom': 19, miniflare: 4 },
}

const WORKERD = 'workerd'

interface Host {
  readonly title: string
  /** The packages whose versions are printed. */
  readonly versionsOf: readonly string[]
  readonly app: string
  readonly paths?: readonly string[]
  /** Only Node runs it. */
  readonly needsNode?: true
}

const LAMBDA_PATHS = Object.keys(LAMBDA_EVENTS).map((kind) => `/${kind.replaceAll(' ', '-')}`)

const HOSTS: readonly Host[] = [
  { title: 'Express', versionsOf: ['express'], app: 'express' },
  { title: 'Koa', versionsOf: ['koa'], app: 'koa' },
  { title: 'Fastify', versionsOf: ['fastify'], app: 'fastify' },
  { title: 'fetch: Hono', versionsOf: ['hono'], app: 'fetch' },
  { title: 'NestJS on Express', versionsOf: ['@nestjs/core'], app: 'nest-express' },
  { title: 'NestJS on Fastify', versionsOf: ['@nestjs/core'], app: 'nest-fastify' },
  { title: 'Next.js, App Router', versionsOf: ['next'], app: 'next', paths: ['/webhooks'], needsNode: true },
  { title: 'Next.js, Pages Router', versionsOf: ['next'], app: 'next', paths: ['/api/webhooks'], needsNode: true },
  { title: 'AWS Lambda, Hono', versionsOf: ['hono'], app: 'lambda-hono', paths: LAMBDA_PATHS, needsNode: true },
  { title: 'AWS Lambda, recipe', versionsOf: [], app: 'lambda-recipe', paths: LAMBDA_PATHS, needsNode: true },
]

/** The sources of the applications. */
const COMPILED = ['handler', 'express', 'koa', 'fastify', 'fetch', 'nest-express', 'nest-fastify', 'lambda-hono']

/** Runs the outside driver against each host on each runtime, with the packages as they are packed. */
export async function tableOfHosts(folder: string): Promise<Table> {
  const tarballs = packInto(join(folder, 'tarballs'))
  const packages = tarballs.filter((file) => ADAPTERS.some((name) => file.includes(`/mailbox-hooks-${name}-`)))
  const frameworks = Object.entries(FRAMEWORKS).map(([name, major]) => `${name}@${major}`)
  install(folder, [...packages, ...frameworks, ...NODES, ...OTHERS])
  return tableIn(folder)
}

/** Builds the applications in a folder where everything is installed, and runs them. */
async function tableIn(folder: string): Promise<Table> {
  await buildApps([...COMPILED, 'worker', 'serve-worker'], join(folder, 'apps'))
  await buildLambdaRecipe(join(folder, 'apps'))
  await buildWorker(folder, join(folder, 'worker.mjs'))
  const nextApp = buildNext(folder)

  const runtimes = runtimesIn(folder)
  const rows = []
  for (const host of HOSTS) {
    const cells: Cell[] = []
    for (const runtime of runtimes) cells.push(await cellOf(host, runtime, { folder, nextApp }))
    cells.push(host.app === 'fetch' ? await workersCell(folder) : undefined)
    const title = [host.title, ...host.versionsOf.map((name) => versionOf(folder, name))].join(' ')
    rows.push({ title, cells })
    console.error(`${title}: ${cells.map((cell) => (cell ? `${cell.passed}/${cell.total}` : '–')).join(' ')}`)
  }
  const workerd = `${WORKERD} ${versionOf(folder, WORKERD)}`
  return { columns: [...runtimes.map(({ title }) => title), workerd], rows }
}

async function cellOf(host: Host, runtime: Runtime, { folder, nextApp }: { folder: string; nextApp: string }) {
  if (host.needsNode && !runtime.isNode) return undefined
  const program =
    host.app === 'next'
      ? [join(folder, 'node_modules/next/dist/bin/next'), 'start', nextApp]
      : [join(folder, 'apps', `${host.app}.js`)]
  return resultOf(`${host.title} on ${runtime.title}`, [...runtime.command, ...program], folder, host.paths)
}

const workersCell = (folder: string) =>
  resultOf('fetch on Workers', [process.execPath, join(folder, 'apps/serve-worker.js')], folder)

/** Starts an application and runs all checks on each of its paths. */
async function resultOf(
  title: string,
  command: readonly string[],
  folder: string,
  paths: readonly string[] = ['/webhooks'],
): Promise<Cell> {
  const env = { WORKER: join(folder, 'worker.mjs'), NEXT_TELEMETRY_DISABLED: '1' }
  try {
    const application = await startApplication(command, { cwd: folder, env })
    try {
      const results: CheckResult[] = []
      for (const path of paths) results.push(...(await runChecks(application.url + path)))
      return summarize(title, results)
    } finally {
      await application.close()
    }
  } catch (error) {
    return summarize(title, [{ check: 'start', problem: String(error) }])
  }
}

function summarize(title: string, results: readonly CheckResult[]): Cell {
  const failed = results.filter(({ problem }) => problem !== undefined)
  for (const { check, problem } of failed) console.error(`${title}, ${check}: ${problem}`)
  return { passed: results.length - failed.length, total: results.length }
}
