/**
 * Returns the options, or an empty object if they are undefined. Throws a `TypeError` for an unknown option, and for a
 * value that is not an object. In JavaScript, a misspelt option would otherwise leave its default in force silently.
 *
 * @example
 * const { keepMs = 0 } = checkNames('myHandOff', options, ['keepMs'])
 */
export function checkNames<Options extends object>(owner: string, options: Options, names: readonly string[]): Options {
  // In JavaScript the options may be missing. The caller checks for required options.
  const given = options ?? ({} as Options)
  if (typeof given !== 'object') throw new TypeError(`${owner}: the options must be an object, { ${names.join(', ')} }`)
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw new TypeError(`${owner}: there is no option ${name}${advice(name, names)}`)
  }
  return given
}

function advice(unknown: string, names: readonly string[]): string {
  const nearest = names.reduce((best, name) => (likeness(unknown, name) > likeness(unknown, best) ? name : best))
  return likeness(unknown, nearest) > 0.5 ? `; do you mean ${nearest}?` : `; there are ${names.join(', ')}`
}

/** Returns how much two names share, from 0 to 1, counted in pairs of letters. So `limit` is like `limitBytes`. */
function likeness(a: string, b: string): number {
  const [letters, others] = [a.toLowerCase(), b.toLowerCase()]
  const shared = Array.from(letters).filter((_, at) => others.includes(letters.slice(at, at + 2)))
  return shared.length / Math.min(a.length, b.length)
}
