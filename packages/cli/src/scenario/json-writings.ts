import type { Payload } from '../catalog/providers.js'

/** A valid way to write JSON that a receiver cannot restore by serialising the JSON again. */
export interface JsonWriting {
  readonly label: string
  readonly write: (payload: Payload) => string
}

export const JSON_WRITINGS: readonly JsonWriting[] = [
  {
    label: 'its JSON written with white space',
    write: (payload) => `${JSON.stringify(payload, null, 2)}\n`,
  },
  {
    label: 'its JSON written with escapes',
    // Outside texts, JSON has none of these characters.
    write: (payload) => JSON.stringify(payload).replace(/[@/\u007f-\uffff]/g, toEscape),
  },
]

const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
