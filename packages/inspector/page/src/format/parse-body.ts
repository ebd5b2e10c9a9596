import type { BodyView } from '../../../src/api.ts'

export type ParsedBody =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'none'; readonly because: string }

/** Parses a body as JSON, or as a form. Masks stand where credentials are. */
export function parseBody({ text, size, isCut }: BodyView): ParsedBody {
  if (size === 0) return none('The body is empty.')
  if (text === undefined) return none('The body is not UTF-8. Its bytes are under Hex.')
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch {
    if (isCut) return none('The body is too long to be parsed here. Its beginning is under Text.')
  }
  const form = parseForm(text)
  return form === undefined ? none('The body is not JSON. It is under Text.') : { kind: 'value', value: form }
}

function parseForm(text: string): unknown {
  if (!/^[\w.[\]%+-]+=[^\s<>{}]*$/.test(text)) return undefined
  return Object.fromEntries(new URLSearchParams(text))
}

const none = (because: string): ParsedBody => ({ kind: 'none', because })
