import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const REPOSITORY = new URL('../..', import.meta.url).pathname

/** A fenced code block of a document. */
export interface CodeBlock {
  /** Relative to the repository, e.g. `docs/recipes.md`. */
  readonly document: string
  /** The line of the opening fence, from 1. */
  readonly line: number
  readonly language: string
  /** As printed, without the indentation of the list it stands in. */
  readonly code: string
  /** Code that readers have already, from a comment before the block: `<!-- given: const app = express() -->`. */
  readonly given: string
}

/** Everything that is written for people, changelogs excepted: they quote the past. */
export const documents = (folder = ''): readonly string[] =>
  readdirSync(join(REPOSITORY, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return isMade(entry.name) ? [] : documents(path)
    return entry.name.endsWith('.md') && entry.name !== 'CHANGELOG.md' ? [path] : []
  })

const isMade = (folder: string) => /^(node_modules|dist|coverage|api|tmp-.*|\.(?!github$).*)$/.test(folder)

export const readDocument = (document: string): string => readFileSync(join(REPOSITORY, document), 'utf8')

const BLOCK =
  /(?:^[ \t]*<!-- given:\s(?<given>[\s\S]*?)\s-->\s*?\n\s*)?^(?<indent> *)```(?<language>\w*)\n(?<code>[\s\S]*?)^ *```$/gm

export function codeBlocks(document: string): readonly CodeBlock[] {
  const text = readDocument(document)
  return [...text.matchAll(BLOCK)].map((match) => {
    const { given = '', indent = '', language = '', code = '' } = match.groups!
    const fenceAt = match.index + match[0].indexOf('```')
    const line = text.slice(0, fenceAt).split('\n').length
    return { document, line, language, code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''), given }
  })
}
