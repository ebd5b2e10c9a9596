/** A sentence of a page, with the comments behind it that say which tests show it. */
export interface Sentence {
  readonly text: string
  readonly comments: readonly string[]
}

const COMMENT = /<!--([\s\S]*?)-->/
const ABOUT_TESTS = /^\s*(?:no )?test:/

/** Returns the sentences of a page in Markdown, apart from headings, titles in bold, and code blocks. */
export function sentencesOf(page: string): readonly Sentence[] {
  const prose = page.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/^#+ .*$/gm, '\n')
  return prose.split(BLOCKS).flatMap((block) => sentencesIn(block.replaceAll(/\s+/g, ' ').trim()))
}

/** Where a paragraph, an item of a list, a quotation or a cell of a table begins. */
const BLOCKS = /\n\s*\n|^[ \t]*(?:[-*+]|\d+\.|>)[ \t]+|^[ \t]*\|[-| :]*\|?[ \t]*$|[ \t]*\|[ \t]*/gm

function sentencesIn(block: string): Sentence[] {
  const found: { text: string; comments: string[] }[] = []
  // Text and comments in turn.
  for (const [index, part] of block.split(new RegExp(COMMENT, 'g')).entries()) {
    if (index % 2 === 1) {
      if (ABOUT_TESTS.test(part)) found.at(-1)?.comments.push(part.trim())
    } else {
      for (const text of sentencesBetween(part)) found.push({ text, comments: [] })
    }
  }
  return found
}

/** The end of a sentence, unless it stands in code. */
const END = /(?<=[.!?…][)*_"”]*) (?=[^\p{Ll}\s])/u
/** A title at the beginning of a paragraph, such as `**A flood of headers.**`. */
const TITLE = /^\*\*[^*]+?\*\*(?= \S)/

function sentencesBetween(part: string): string[] {
  const codes: string[] = []
  const withoutCode = part.trim().replaceAll(/`[^`]*`/g, (code) => `\uE000${codes.push(code) - 1}\uE001`)
  const text = isTitle(withoutCode) ? withoutCode.replace(TITLE, '').trim() : withoutCode
  return text
    .split(END)
    .map((sentence) => sentence.replaceAll(/\uE000(\d+)\uE001/g, (_, index) => codes[Number(index)]!))
    .map((sentence) => sentence.replace(/^\*\*(.*)\*\*$/, '$1').trim())
    .filter((sentence) => /\w/.test(sentence))
}

/** A sentence in bold has a verb; titles are short names of a subject. */
const isTitle = (text: string) => TITLE.test(text) && !/^\*\*[^*]*\b(?:is|are|has|have|does|can|must)\b/.test(text)

/** Returns what is wrong with the comments about tests: a file or a title is not there, or a reason is missing. */
export function faultsOfTests(page: string, read: (path: string) => string | undefined): string[] {
  return [...page.matchAll(new RegExp(COMMENT, 'g'))]
    .map(([, comment = '']) => comment.trim())
    .filter((comment) => ABOUT_TESTS.test(comment))
    .flatMap((comment) => faultOf(comment, read) ?? [])
}

function faultOf(comment: string, read: (path: string) => string | undefined): string | undefined {
  if (comment.startsWith('no test:'))
    return comment.length > 'no test: why'.length ? undefined : `no reason: ${comment}`
  const [, path, title] = /^test: (\S+) › (.{6,})$/.exec(comment) ?? []
  if (path === undefined || title === undefined) return `no path and title: ${comment}`
  const source = read(path)
  if (source === undefined) return `no such file: ${comment}`
  return hasTitle(source, title) ? undefined : `no such title: ${comment}`
}

/** A title stands in quotes, in a call of `it` or `describe`, or in a row of titles. */
function hasTitle(source: string, title: string): boolean {
  return source.split('\n').some((line) => {
    const at = line.indexOf(title)
    if (at === -1) return false
    if (/^(?:it|describe)\b/.test(title)) return true
    return /(?:^\s*|\(|\[)(?:['"`])[^'"`]*$/.test(line.slice(0, at)) || /^\s*['"`]/.test(line)
  })
}
