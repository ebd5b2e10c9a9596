/** The words of a shell command, with quotes and escapes resolved as a POSIX shell does, `$'…'` among them. */
export function shellWords(command: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (const [part] of command.matchAll(PART)) {
    if (/^\s/.test(part)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (part !== '\\\n' && part !== '\\\r\n') {
      word = (word ?? '') + unquote(part)
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

const PART = /\s+|\$'(?:[^'\\]|\\.)*'|'[^']*'|"(?:[^"\\]|\\.)*"|\\\r?\n|\\.|[^\s'"\\$]+|\$/gs

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
