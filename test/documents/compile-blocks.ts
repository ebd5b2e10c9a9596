import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CodeBlock, REPOSITORY } from './code-blocks.js'

/** A block as a file that the compiler reads. */
interface BlockFile {
  readonly path: string
  readonly text: string
}

/**
 * Writes TypeScript and JavaScript blocks as files into a folder, each under the name that its first line gives
 * (`// server.mjs`), so that the blocks of a document can import each other, or else under its line.
 */
export function writeBlocks(blocks: readonly CodeBlock[], folder: string): readonly BlockFile[] {
  rmSync(folder, { recursive: true, force: true })
  const files = blocks.map((block, index) => ({
    path: join(folder, block.document.replaceAll(/[/.]/g, '-'), fileName(block)),
    text: inTypeScript(`${block.given}\n${before(block, blocks.slice(0, index))}${block.code}\nexport {}\n`),
  }))
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  // For whoever runs a file: its settings are found beside it.
  writeConfig(files, folder)
  return files
}

/** Returns the compiler's messages about the files, each line `path(line,column): …`. */
export function compile(files: readonly BlockFile[], folder: string): string {
  const compiler = join(REPOSITORY, 'node_modules/.bin/tsc')
  const { stdout, stderr } = spawnSync(compiler, ['-p', writeConfig(files, folder)], { cwd: folder, encoding: 'utf8' })
  return stdout + stderr
}

/** Declares the module of Cloudflare's runtime, as `wrangler types` does for a reader. */
const WORKERS = join(REPOSITORY, 'examples/cloudflare-workers/worker-configuration.d.ts')

/**
 * `strict` and `exactOptionalPropertyTypes`, as readers may have them, and not all that the sources have beyond that.
 * Decorators are for NestJS.
 */
function writeConfig(files: readonly BlockFile[], folder: string): string {
  const config = join(folder, 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(REPOSITORY, 'tsconfig.json'),
      compilerOptions: {
        noUnusedLocals: false,
        noUnusedParameters: false,
        noUncheckedIndexedAccess: false,
        experimentalDecorators: true,
        lib: ['ES2023', 'ES2024.String', 'DOM'],
      },
      include: [],
      files: [...files.map(({ path }) => path), WORKERS],
    }),
  )
  return config
}

/** The named file, in TypeScript: JavaScript is checked as strictly. */
function fileName({ code, line }: CodeBlock): string {
  const [, name] = code.match(/^\/\/ ([\w.-]+)\.m?[jt]s$/m) ?? []
  return `${name ?? `line-${line}`}.ts`
}

/** Imports of other blocks name the files that are written. */
const inTypeScript = (code: string) => code.replaceAll(/(from '\.\/[\w.-]+)\.m?js'/g, "$1.ts'")

/** A block that imports nothing goes on where those before it in the document ended. */
function before(block: CodeBlock, earlier: readonly CodeBlock[]): string {
  if (/^import /m.test(block.code)) return ''
  const inDocument = earlier.filter(({ document }) => document === block.document)
  const start = inDocument.findLastIndex(({ code }) => /^import /m.test(code))
  return inDocument
    .slice(Math.max(0, start))
    .map(({ given, code }) => `${given}\n${code}\n`)
    .join('')
}
