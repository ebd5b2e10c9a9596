export interface Word {
  readonly text: string
  /** The variable or command that a shell would expand. `text` has it unexpanded. */
  readonly variable?: string
}

/** Splits a shell command into words. Resolves quotes and escapes as a POSIX shell does, including `$'…'`. */
export function shellWords(command: string): Word[] {
  const words: Word[] = []
  let word: Word | undefined
  for (const [part] of command.matchAll(PART)) {
    if (/^\s/.test(part)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (part !== '\\\n' && part !== '\\\r\n') {
      const variable = word?.variable ?? variableIn(part)
      word = { text: (word?.text ?? '') + unquote(part), ...(variable !== undefined && { variable }) }
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

/** An expansion that is not closed takes the rest of the command, so that the next one does not look for its end again. */
const PART =
  /\s+|\$'(?:[^'\\]|\\.)*'|'[^']*'|"(?:[^"\\]|\\.)*"|\\\r?\n|\\.|\$(?:\w+|\{[^}]*\}?|\([^)]*\)?)|`[^`]*`|[^\s'"\\$`]+|[$`]/gs

/** Returns the name alone, because the rest may be a secret: `${KEY:-abc}`, `$(sign --key abc)`. */
function variableIn(part: string): string | undefined {
  if (/^\$?'/.test(part)) return undefined
  const [, name, command] = /\$\{?(\w+)|(\$\(|`)/.exec(part.replace(/\\./gs, '')) ?? []
  return name === undefined ? command && '$(…)' : `$${name}`
}

function unquote(part: string): string {
  if (part.startsWith("$'")) return part.slice(2, -1).replace(/\\(x[0-9a-f]{1,2}|u[0-9a-f]{1,4}|.)/gis, readEscape)
  if (part.startsWith("'")) return part.slice(1, -1)
  if (part.startsWith('"')) return part.slice(1, -1).replace(/\\(?:\r?\n|([$`"\\]))/g, (_, character = '') => character)
  return part.startsWith('\\') ? part.slice(1) : part
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0' }

function readEscape(_: string, escaped: string): string {
  if (/^[xu]./i.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped.slice(1), 16))
  return ESCAPES[escaped] ?? escaped
}
