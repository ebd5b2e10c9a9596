import { stripVTControlCharacters } from 'node:util'

/** A shorter secret may occur in ordinary words, and hiding it there would reveal it. */
const SHORTEST_HIDDEN = 4

/**
 * Returns a receiver's answer, safe to print: on one line, without control characters, and with the secret and the
 * signature hidden.
 */
export function printable(text: string, hidden: readonly string[]): string {
  const shown = hidden
    .filter((value) => value.length >= SHORTEST_HIDDEN)
    .flatMap(spellings)
    // The longest first, because one may contain another.
    .sort((a, b) => b.length - a.length)
    .reduce((rest, value) => rest.replaceAll(value, '[hidden]'), text)
  return stripVTControlCharacters(shown)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}

/** Returns the spellings of a secret: plain, in JSON, in JSON within JSON, in PHP's JSON, in a URL, and in a form. */
function spellings(value: string): string[] {
  const inJson = [value, escaped(value), escaped(escaped(value))]
  const inUrl = encodeURIComponent(value.toWellFormed())
  const inForm = String(new URLSearchParams({ '': value })).slice(1)
  return [...inJson, ...inJson.map((text) => text.replaceAll('/', '\\/')), inUrl, inForm]
}

const escaped = (text: string) => JSON.stringify(text).slice(1, -1)

export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}
