import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { publicPackages, readManifest } from '../packaging/public-packages.js'
import { hasCommand } from '../servers/commands.js'
import { type CodeBlock, codeBlocks, documents, REPOSITORY } from './code-blocks.js'
import { compile, writeBlocks } from './compile-blocks.js'

const blocks = documents().flatMap((document) => codeBlocks(document))
const inLanguage = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language))
const placeOf = ({ document, line }: CodeBlock) => `${document}:${line}`

function isJson(code: string): boolean {
  try {
    JSON.parse(code)
    return true
  } catch {
    return false
  }
}

const FOLDER = join(REPOSITORY, 'test/tmp-blocks')

describe('the code blocks of all documents', () => {
  it('are in a language that is checked here', () => {
    const checked = ['ts', 'js', 'sh', 'json', 'sql', 'lua', 'yaml', '']
    expect(blocks.filter(({ language }) => !checked.includes(language)).map(placeOf)).toEqual([])
  })

  it('compile, where they are TypeScript or JavaScript', () => {
    const files = writeBlocks(inLanguage('ts', 'js'), FOLDER)
    const isAlone = ({ text }: { text: string }) => text.includes('declare module')
    const together = files.filter((file) => !isAlone(file))
    // A block that adds to a module's types would add to them for all the others, too.
    const messages = [together, ...files.filter(isAlone).map((file) => [file])].map((part) => compile(part, FOLDER))
    expect(messages.join('')).toBe('')
  }, 120_000)

  it.skipIf(!hasCommand('bash'))('are understood by the shell, where they are for it', () => {
    for (const block of inLanguage('sh')) {
      expect(spawnSync('bash', ['-n'], { input: block.code }).status, placeOf(block)).toBe(0)
    }
  })

  it('name scripts and packages of this repository, where they are for the shell', () => {
    const { scripts } = readManifest(REPOSITORY) as unknown as { scripts: Record<string, string> }
    const names = publicPackages().map(({ manifest }) => manifest.name)
    for (const block of inLanguage('sh')) {
      for (const [, script] of block.code.matchAll(/\bnpm run ([\w:-]+)/g)) {
        expect(Object.keys(scripts), placeOf(block)).toContain(script)
      }
      for (const [name] of block.code.matchAll(/@mailbox-hooks\/[\w-]+/g)) {
        expect(names, placeOf(block)).toContain(name)
      }
    }
  })

  it('are JSON, where they say so', () => {
    expect(
      inLanguage('json')
        .filter(({ code }) => !isJson(code))
        .map(placeOf),
    ).toEqual([])
  })
})
