/**
 * The options, or an empty object where there are none; throws a `TypeError` for one that nobody reads, and for what is
 * no object. Types find those where there are types: without them, a misspelt option would leave its default in force
 * and say nothing.
 *
 * @example
 * const { keepMs = 0 } = checkNames('myHandOff', options, ['keepMs'])
 */
export function checkNames<Options extends object>(owner: string, options: Options, names: readonly string[]): Options {
  // In JavaScript they may be left out. What is missing in them is for whoever reads them to say.
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

/**
 * From 0 to 1: how many pairs of letters the first name has that stand in the other, so that `limit` is like
 * `limitBytes`.
 */
function likeness(a: string, b: string): number {
  const [letters, others] = [a.toLowerCase(), b.toLowerCase()]
  const shared = Array.from(letters).filter((_, at) => others.includes(letters.slice(at, at + 2)))
  return shared.length / Math.min(a.length, b.length)
}
