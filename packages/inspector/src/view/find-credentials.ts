import { credentialNames } from '@mailbox-hooks/core/queue'

/** A text or number in a body that a credential's name, or that of something around it, makes one. */
export interface FoundCredential {
  /** Names and indexes joined by dots, e.g. `data.mailboxes.0.password`. */
  readonly path: string
  /** Where its characters are in the text, without the quotes. */
  readonly start: number
  readonly end: number
}

/** Deeper than any provider nests. */
const MAX_DEPTH = 64

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"?|[{}[\]:,]|[^\s{}[\]:,"]+/gs

interface Level {
  readonly isList: boolean
  readonly path: string
  readonly isCredential: boolean
  index: number
  name: string | undefined
}

/**
 * Finds the credentials in a JSON text, as far as it can be read: a refused body may be cut off, or no JSON at all.
 *
 * @param also more field names that hold credentials
 */
export function findCredentials(text: string, also: readonly string[]): FoundCredential[] {
  const isCredential = credentialNames(also)
  const found: FoundCredential[] = []
  const levels: Level[] = [{ isList: false, path: '', isCredential: false, index: 0, name: undefined }]
  let isName = false
  const inner = ({ isList, path, index, name, isCredential: isHidden }: Level) => {
    const own = isList ? String(index) : (name ?? '')
    const whole = path === '' ? own : `${path}.${own}`
    return { path: whole, isCredential: isHidden || (!isList && name !== undefined && isCredential(name)) }
  }
  for (const { 0: token, index: at } of text.matchAll(TOKEN)) {
    const level = levels.at(-1)!
    if (token === '{' || token === '[') {
      if (levels.length > MAX_DEPTH) return found
      levels.push({ isList: token === '[', ...inner(level), index: 0, name: undefined })
      isName = token === '{'
    } else if (token === '}' || token === ']') {
      if (levels.length > 1) levels.pop()
      isName = false
    } else if (token === ',') {
      if (level.isList) level.index++
      isName = !level.isList
    } else if (token === ':') {
      isName = false
    } else if (isName) {
      level.name = unquoted(token)
    } else {
      const { path, isCredential: isHidden } = inner(level)
      const isText = token.startsWith('"')
      const [start, end] = isText ? [at + 1, at + Math.max(1, token.replace(/"$/, '').length)] : [at, at + token.length]
      const isValue = isText ? end > start : /^-?\d/.test(token)
      if (isHidden && isValue) found.push({ path, start, end })
    }
  }
  return found
}

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token))
  } catch {
    return token.replaceAll('"', '')
  }
}

/** Finds the credentials in a form. */
export function findInForm(text: string, also: readonly string[]): FoundCredential[] {
  const isCredential = credentialNames(also)
  const found: FoundCredential[] = []
  let at = 0
  for (const field of text.split('&')) {
    const equals = field.indexOf('=')
    const [start, end] = [at + equals + 1, at + field.length]
    const name = decoded(field.slice(0, equals))
    if (equals >= 0 && start < end && isCredential(name)) found.push({ path: name, start, end })
    at = end + 1
  }
  return found
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
