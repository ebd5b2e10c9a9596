/** What a terminal obeys, what ends a line in some readers, and what changes the order of what is read. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029\p{Cf}]/gu

/**
 * Returns the JSON of a value, safe to print on a terminal: the characters that a terminal obeys or that change the order
 * of what is read are written as escapes. It stands for the same value as the JSON of `JSON.stringify`.
 *
 * @param indent how many spaces a level is indented by; by default all is on one line
 *
 * @example
 * console.log(printableJson({ name: '\x9b2J' })) // {"name":"\u009b2J"}
 */
export function printableJson(value: object, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNSAFE, toEscapes)
}

const toEscapes = (character: string) =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
