import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectWithDeclarations } from './declarations.js'
import { LanguageServer } from './language-server.js'
import { openProject, type TypeScript } from './language-service.js'

const { config, folder } = projectWithDeclarations('hovers')
const FILE = join(folder, 'hovered.ts')
const LIMIT = 300

interface Position {
  readonly line: number
  readonly character: number
}

const lines = readFileSync(FILE, 'utf8').split('\n')

/** Each `^?`, with the line above it that it points into. */
const marks = lines.flatMap((text, number) => {
  const [, before, shown] = /^(\s*\/\/\s*)\^\? (.+)$/.exec(text) ?? []
  if (before === undefined || shown === undefined) return []
  return [{ line: number - 1, character: before.length, name: lines[number - 1]!.trim(), shown }]
})

function hoverByService(ts: TypeScript): (position: Position) => string {
  const project = openProject(ts, config)
  return ({ line, character }) => {
    const file = project.getProgram()!.getSourceFile(FILE)!
    const offset = file.getPositionOfLineAndCharacter(line, character)
    return ts.displayPartsToString(project.getQuickInfoAtPosition(FILE, offset)?.displayParts)
  }
}

let server: LanguageServer
beforeAll(async () => {
  server = await LanguageServer.open(config)
  server.show(FILE)
})
afterAll(() => server.close())

const EDITORS = {
  '5.9': async () => hoverByService((await import('typescript-5.9')).default),
  '7': async () => (position: Position) => server.hover(FILE, position),
}

describe.each(Object.entries(EDITORS))('an editor with TypeScript %s', (_, open) => {
  let hover: (position: Position) => string | Promise<string>
  beforeAll(async () => {
    hover = await open()
    // It reads the types of four frameworks first.
    await hover({ line: 0, character: 0 })
  }, 300_000)

  it.each(marks.map((mark) => [mark.name, mark] as const))(
    `shows at most ${LIMIT} characters of %s`,
    async (_, mark) => {
      const text = await hover(mark)
      expect(text.replaceAll(/\s+/g, ' ')).toContain(mark.shown)
      expect(text.length).toBeLessThanOrEqual(LIMIT)
      expect(text).not.toMatch(/zod/i)
    },
  )
})
