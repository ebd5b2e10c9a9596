import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript-5.4'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectWithDeclarations, TSC } from './declarations.js'
import { openProject, type TypeScript } from './language-service.js'

const { config, folder } = projectWithDeclarations('mistakes')

/** A user's mistakes, by file. The line before each begins with `//!` and has a part of the message that it must get. */
const MISTAKES = readdirSync(join(folder, 'mistakes')).map((name) => `mistakes/${name}`)

interface Message {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly text: string
}

/** Compiles with TypeScript 5.4, the lowest that is supported. */
function compileWithLowest(): readonly Message[] {
  // The parts of the interface in use are the same in both versions.
  const program = openProject(ts as unknown as TypeScript, config).getProgram()!
  const files = program.getRootFileNames().map((path) => program.getSourceFile(path)!)
  const isMistake = ({ fileName }: { fileName: string }) => MISTAKES.includes(relative(folder, fileName))
  // The mistakes first: the order in which the compiler meets types is the order in which its messages list them.
  return [...files.filter(isMistake), ...files.filter((file) => !isMistake(file))]
    .flatMap((file) => [...program.getSemanticDiagnostics(file), ...program.getDeclarationDiagnostics(file)])
    .map(({ file, start, messageText }) => ({
      file: relative(folder, file!.fileName),
      line: file!.getLineAndCharacterOfPosition(start!).line + 1,
      text: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }))
}

/** Compiles with TypeScript 7, by its command. */
function compileWithHighest(): readonly Message[] {
  const { stdout } = spawnSync(TSC, ['-p', config, '--pretty', 'false'], { cwd: dirname(config), encoding: 'utf8' })
  return (
    stdout
      .split(/\n(?=\S)/)
      .map((message) => /^(.+)\((\d+),\d+\): error \w+: (.+?)\n*$/s.exec(message))
      .flatMap((parts) => (parts === null ? [] : [{ file: parts[1]!, line: Number(parts[2]), text: parts[3]! }]))
      // The types of some frameworks do not fit those of their own dependencies.
      .filter(({ file }) => !file.includes('node_modules/'))
  )
}

/** Lists each mistake with its message. */
function report(messages: readonly Message[]): string {
  return messages
    .map(
      ({ file, line, text }) => `${file}: ${linesOf(file)[line - 1]!.trim()}\n    ${text.replaceAll('\n', '\n    ')}\n`,
    )
    .join('\n')
}

const linesOf = (file: string) => readFileSync(join(folder, file), 'utf8').split('\n')

/** For a machine with much else to do: a compiler reads the types of four frameworks. */
const SLOW_MS = 300_000

describe.each([
  ['5.4', compileWithLowest],
  ['7', compileWithHighest],
])('TypeScript %s', (version, compile) => {
  let messages: readonly Message[]
  beforeAll(() => {
    messages = compile()
  }, SLOW_MS)

  it.each(MISTAKES)('says what is wrong in %s, at each mistake and nowhere else', (file) => {
    const expected = linesOf(file).flatMap((text, index) => {
      const [, part] = /^\s*\/\/! (.+)/.exec(text) ?? []
      return part === undefined ? [] : [{ line: index + 2, text: expect.stringContaining(part) }]
    })
    expect(expected).not.toEqual([])
    const found = messages.filter((message) => message.file === file).map(({ line, text }) => ({ line, text }))
    expect(found).toEqual(expected)
  })

  it('says nothing about the declarations and correct code', () => {
    expect(messages.filter(({ file }) => !MISTAKES.includes(file))).toEqual([])
  })

  it('shows nothing of zod, and is short', () => {
    for (const { text } of messages) {
      expect(text).not.toMatch(/zod|StandardSchema/i)
      const lines = text.split('\n')
      expect(lines.length, text).toBeLessThanOrEqual(7)
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(450)
    }
  })

  it('says what it said before', async () => {
    await expect(report(messages)).toMatchFileSnapshot(`messages/typescript-${version}.txt`)
  })
})
