import { stripVTControlCharacters } from 'node:util'

/** A shorter secret stands in ordinary words too, and hiding it there would tell what it is. */
const SHORTEST_HIDDEN = 8

/**
 * What a receiver answered, safe to print: on one line, without anything a terminal would obey, and without the secret
 * or the signature, should it have sent them back.
 */
export function printable(text: string, hidden: readonly string[]): string {
  let shown = text
  for (const value of hidden) {
    if (value.length >= SHORTEST_HIDDEN) shown = shown.replaceAll(value, '[hidden]')
  }
  return stripVTControlCharacters(shown)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}

export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}
