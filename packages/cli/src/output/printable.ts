import { stripVTControlCharacters } from 'node:util'

/** A shorter secret stands in ordinary words too, and hiding it there would tell what it is. */
const SHORTEST_HIDDEN = 4

/**
 * What a receiver answered, safe to print: on one line, without anything a terminal would obey, and without the secret
 * or the signature, should it have sent them back.
 */
export function printable(text: string, hidden: readonly string[]): string {
  const shown = hidden
    .filter((value) => value.length >= SHORTEST_HIDDEN)
    .flatMap(spellings)
    // The longest first: one may be a part of another.
    .sort((a, b) => b.length - a.length)
    .reduce((rest, value) => rest.replaceAll(value, '[hidden]'), text)
  return stripVTControlCharacters(shown)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}

/** As it is, as it stands in JSON and in JSON within JSON, in PHP's too, which escapes slashes, in a URL, and in a form. */
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
