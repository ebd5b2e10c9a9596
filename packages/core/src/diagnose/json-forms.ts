import type { JsonNode } from './json-tree.js'

/** One way to write JSON. Each part has the name that messages use. */
export interface JsonForm {
  readonly layout: Layout
  readonly strings: Writing
  readonly numbers: Writing
  readonly keys: 'sorted' | 'as they are'
  readonly end: '' | '\n'
}

interface Layout {
  readonly name: string
  readonly comma: string
  readonly colon: string
  readonly indent: string
}

interface Writing {
  /** Empty if the description need not mention it. */
  readonly name: string
  readonly write: (text: string) => string
}

const LAYOUTS: readonly Layout[] = [
  { name: 'compact (as JSON.stringify writes it)', comma: ',', colon: ':', indent: '' },
  {
    name: "with a space after each comma and colon (as Python's json.dumps writes it)",
    comma: ', ',
    colon: ': ',
    indent: '',
  },
  { name: 'indented by 2 spaces', comma: ',', colon: ': ', indent: '  ' },
  { name: 'indented by 4 spaces', comma: ',', colon: ': ', indent: '    ' },
  { name: 'indented by tabs', comma: ',', colon: ': ', indent: '\t' },
]

const plain = (text: string) => JSON.stringify(JSON.parse(text))
const slashes = (text: string) => text.replaceAll('/', '\\/')
const ascii = (text: string) => text.replace(/[\u007f-\uffff]/g, toEscape)
const html = (text: string) => text.replace(/[<>&\u2028\u2029]/g, toEscape)
const upper = (text: string) =>
  text.replace(/\\\\|\\u([0-9a-f]{4})/g, (written, hex?: string) =>
    hex === undefined ? written : `\\u${hex.toUpperCase()}`,
  )
/** Of the short escapes, only that of a quote is written otherwise. */
const dotNet = (text: string) => `"${text.slice(1, -1).replace(/\\"|\\.|[<>&'+`]/g, toDotNet)}"`
const toDotNet = (part: string) => (part.startsWith('\\') && part !== '\\"' ? part : toEscape(part.slice(-1)))
const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

const STRINGS: readonly Writing[] = [
  { name: '', write: (text) => text },
  { name: 'with no character escaped that need not be', write: plain },
  { name: 'with other characters than ASCII escaped', write: (text) => ascii(plain(text)) },
  { name: 'with slashes escaped', write: (text) => slashes(plain(text)) },
  {
    name: "with slashes and other characters than ASCII escaped (as PHP's json_encode writes it)",
    write: (text) => ascii(slashes(plain(text))),
  },
  { name: "with <, > and & escaped (as Go's encoding/json writes it)", write: (text) => html(plain(text)) },
  {
    name: 'with other characters than ASCII escaped in upper case (as Jackson writes them)',
    write: (text) => upper(ascii(plain(text))),
  },
  {
    name: "with quotes, <, >, &, + and other characters than ASCII escaped in upper case (as .NET's System.Text.Json writes it)",
    write: (text) => upper(ascii(dotNet(plain(text)))),
  },
]

const NUMBERS: readonly Writing[] = [
  { name: '', write: (text) => text },
  { name: 'with numbers as JavaScript writes them', write: (text) => String(Number(text)) },
  { name: 'with whole numbers as decimals (1.0)', write: (text) => (/^-?\d+$/.test(text) ? `${text}.0` : text) },
]

/** Returns every form that writes this tree differently. */
export function* jsonForms(tree: JsonNode): Iterable<JsonForm> {
  const strings = distinct(STRINGS, textsOf(tree, 'string'))
  const numbers = distinct(NUMBERS, textsOf(tree, 'number'))
  for (const keys of isSorted(tree) ? (['as they are'] as const) : (['as they are', 'sorted'] as const)) {
    for (const number of numbers) {
      for (const string of strings) {
        for (const layout of LAYOUTS) {
          for (const end of ['', '\n'] as const) yield { layout, strings: string, numbers: number, keys, end }
        }
      }
    }
  }
}

export function describeForm({ layout, strings, numbers, keys, end }: JsonForm): string {
  const parts = [layout.name, strings.name, numbers.name]
  if (keys === 'sorted') parts.push('with its keys sorted')
  if (end !== '') parts.push('with a newline at the end')
  return parts.filter((part) => part !== '').join(', ')
}

export function writeJson(tree: JsonNode, { layout, strings, numbers, keys, end }: JsonForm): string {
  const { comma, colon, indent } = layout

  function write(node: JsonNode, depth: number): string {
    if (node.kind === 'object') {
      const members = keys === 'sorted' ? node.members.toSorted(byKey) : node.members
      return enclose(
        '{',
        members.map(([key, value]) => strings.write(key) + colon + write(value, depth + 1)),
        '}',
        depth,
      )
    }
    if (node.kind === 'array')
      return enclose(
        '[',
        node.items.map((item) => write(item, depth + 1)),
        ']',
        depth,
      )
    if (node.kind === 'string') return strings.write(node.text)
    return node.kind === 'number' ? numbers.write(node.text) : node.text
  }

  function enclose(open: string, parts: readonly string[], close: string, depth: number): string {
    if (parts.length === 0) return open + close
    if (indent === '') return open + parts.join(comma) + close
    const line = `\n${indent.repeat(depth + 1)}`
    return `${open}${line}${parts.join(comma + line)}\n${indent.repeat(depth)}${close}`
  }

  return write(tree, 0) + end
}

const byKey = ([a]: readonly [string, JsonNode], [b]: readonly [string, JsonNode]) => (a < b ? -1 : Number(a > b))

function isSorted(node: JsonNode): boolean {
  if (node.kind === 'array') return node.items.every(isSorted)
  if (node.kind !== 'object') return true
  return node.members.every((member, index) => {
    const previous = node.members[index - 1]
    return (previous === undefined || byKey(previous, member) <= 0) && isSorted(member[1])
  })
}

function textsOf(node: JsonNode, kind: 'string' | 'number'): string[] {
  if (node.kind === 'array') return node.items.flatMap((item) => textsOf(item, kind))
  if (node.kind !== 'object') return node.kind === kind ? [node.text] : []
  return node.members.flatMap(([key, value]) => [...(kind === 'string' ? [key] : []), ...textsOf(value, kind)])
}

/** Returns the writings that give different results for these texts. */
function distinct(writings: readonly Writing[], texts: readonly string[]): readonly Writing[] {
  const seen = new Set<string>()
  return writings.filter(({ write }) => {
    const written = texts.map(write).join('\n')
    return !seen.has(written) && seen.add(written)
  })
}
