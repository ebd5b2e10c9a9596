import { checkNames } from './option-names.js'

/** What a value must be, in words, and whether it is that, beside the options that stand next to it. */
export type Check = readonly [must: string, isMet: (value: unknown, label: string, beside: Options) => unknown]

type Options = Readonly<Record<string, unknown>>

/** How an option is checked, and what stands for it where it is left out. */
export type Rule = readonly [...Check, byDefault?: unknown]

export type Rules = Readonly<Record<string, Rule>>

/** Options as they are read: each of them is there. */
export type WithDefaults<Given> = { readonly [Name in keyof Given]-?: Exclude<Given[Name], undefined> }

export const ANYTHING: Check = ['', () => true]
export const TEXT: Check = ['a text', (value) => typeof value === 'string']
export const FILLED: Check = ['a text that is not empty', (value) => typeof value === 'string' && value !== '']
export const FUNCTION: Check = ['a function', (value) => typeof value === 'function']
export const YES_OR_NO: Check = ['true or false', (value) => typeof value === 'boolean']
export const ABOVE_0: Check = ['a number above 0', (value) => Number.isFinite(value) && Number(value) > 0]
export const WHOLE: Check = ['a whole number above 0', (value) => Number.isInteger(value) && Number(value) > 0]

/** The same check, and what stands for the option where it is left out. */
export const withDefault = ([must, isMet]: Check, byDefault: unknown): Rule => [must, isMet, byDefault]

/** Asks for the clock anew each time, which tests may have replaced. */
export const CLOCK: Rule = withDefault(FUNCTION, () => Date.now())

export const optional = ([must, isMet]: Check): Check => [
  must,
  (value, ...context) => value === undefined || isMet(value, ...context),
]

export const oneOf = (...values: readonly unknown[]): Check => [
  values.map((value) => `'${value}'`).join(' or '),
  (value) => values.includes(value),
]

export const listOf = ([must, isMet]: Check): Check => [
  `a list of ${must}`,
  (value, label, beside) =>
    Array.isArray(value) && value.length > 0 && value.every((item, index) => isMet(item, `${label}[${index}]`, beside)),
]

/** An object with options of its own. */
export const objectOf = (rules: Rules): Check => [
  `{ ${Object.keys(rules).join(', ')} }`,
  (value, label) => typeof value === 'object' && value !== null && readOptions(label, value, rules),
]

/**
 * The options with their defaults. Throws a `TypeError` for one that is unknown, and for one that is not as it must be.
 */
export function readOptions<Read>(owner: string, options: object, rules: Rules): Read {
  const read: Record<string, unknown> = { ...checkNames(owner, options, Object.keys(rules)) }
  for (const [name, [must, isMet, byDefault]] of Object.entries(rules)) {
    if (read[name] === undefined) read[name] = byDefault
    if (!isMet(read[name], `${owner} ${name}`, read)) throw new TypeError(`${owner}: ${name} must be ${must}`)
  }
  // As the rules say.
  return read as Read
}
