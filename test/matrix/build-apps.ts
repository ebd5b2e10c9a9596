import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { codeBlocks } from '../documents/code-blocks.js'
import { execute, REPOSITORY } from './install.js'
import { SECRET } from './secret.js'

const APPS = join(REPOSITORY, 'test/matrix/apps')

/** Its own handler is replaced by that of the matrix. */
const RECIPE_HANDLER = 'async ({ event }) => Response.json({ received: event.type })'

/** Compiles applications into files that every runtime can run. They load packages from a folder above. */
export async function buildApps(names: readonly string[], into: string): Promise<void> {
  const options = { bundle: true, format: 'esm', platform: 'node', target: 'node20' } as const
  const compilerOptions = { experimentalDecorators: true }
  await build({
    ...options,
    entryPoints: names.map((name) => join(APPS, `${name}.ts`)),
    outdir: into,
    packages: 'external',
    tsconfigRaw: { compilerOptions },
  })
}

/** Makes a worker of one file: Workers have no packages. */
export async function buildWorker(folder: string, file: string): Promise<void> {
  await build({
    entryPoints: [join(folder, 'apps/worker.js')],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['workerd', 'worker'],
    mainFields: ['module', 'main'],
    tsconfigRaw: '{}',
  })
}

/** Makes the recipe for AWS Lambda of docs/runtimes/aws-lambda.md an application. */
export async function buildLambdaRecipe(into: string): Promise<void> {
  const recipe = codeBlocks('docs/runtimes/aws-lambda.md').find(({ code }) => code.startsWith('// lambda.ts'))!.code
  if (!recipe.includes(RECIPE_HANDLER)) throw new Error(`The recipe for Lambda has not the handler ${RECIPE_HANDLER}`)
  const code = recipe
    .replace(RECIPE_HANDLER, 'async (delivery) => Response.json(await handle(delivery))')
    .replace('process.env.OPENMAIL_WEBHOOK_SECRET', JSON.stringify(SECRET))
  await build({
    stdin: {
      contents: `import { handle } from './handler.js'\nimport { serveLambda } from './serve-lambda.js'\n${code}\nserveLambda(handler)`,
      resolveDir: APPS,
      loader: 'ts',
    },
    outfile: join(into, 'lambda-recipe.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    tsconfigRaw: '{}',
  })
}

/** Builds the application of Next.js, in an environment without secrets. Returns its folder. */
export function buildNext(folder: string): string {
  const app = join(folder, 'apps/next')
  cpSync(join(APPS, 'next'), app, { recursive: true })
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  execute(process.execPath, [join(folder, 'node_modules/next/dist/bin/next'), 'build', app], folder)
  return app
}
