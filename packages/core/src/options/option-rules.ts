import { checkNames } from './option-names.js'

/** The requirement of a value in words, and its test, which also gets the other options. */
export type Check = readonly [must: string, isMet: (value: unknown, label: string, beside: Options) => unknown]

type Options = Readonly<Record<string, unknown>>

/** The check and the default of an option. */
export type Rule = readonly [...Check, byDefault?: unknown]

export type Rules = Readonly<Record<string, Rule>>

/** Options after their defaults are applied. */
export type WithDefaults<Given> = { readonly [Name in keyof Given]-?: Exclude<Given[Name], undefined> }

export const ANYTHING: Check = ['', () => true]
export const TEXT: Check = ['a text', (value) => typeof value === 'string']
export const FILLED: Check = ['a text that is not empty', (value) => typeof value === 'string' && value !== '']
export const FUNCTION: Check = ['a function', (value) => typeof value === 'function']
export const YES_OR_NO: Check = ['true or false', (value) => typeof value === 'boolean']
export const ABOVE_0: Check = ['a number above 0', (value) => Number.isFinite(value) && Number(value) > 0]
export const WHOLE: Check = ['a whole number above 0', (value) => Number.isInteger(value) && Number(value) > 0]

/** Adds a default to a check. */
export const withDefault = ([must, isMet]: Check, byDefault: unknown): Rule => [must, isMet, byDefault]

/** Looks up `Date.now` on each call, because tests may replace it. */
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

/** Checks an object with options of its own. */
export const objectOf = (rules: Rules): Check => [
  `{ ${Object.keys(rules).join(', ')} }`,
  (value, label) => typeof value === 'object' && value !== null && readOptions(label, value, rules),
]

/** Returns the options with their defaults. Throws a `TypeError` for an unknown option and for a wrong value. */
export function readOptions<Read>(owner: string, options: object, rules: Rules): Read {
  const read: Record<string, unknown> = { ...checkNames(owner, options, Object.keys(rules)) }
  for (const [name, [must, isMet, byDefault]] of Object.entries(rules)) {
    if (read[name] === undefined) read[name] = byDefault
    if (!isMet(read[name], `${owner} ${name}`, read)) throw new TypeError(`${owner}: ${name} must be ${must}`)
  }
  // The rules have checked every option.
  return read as Read
}
