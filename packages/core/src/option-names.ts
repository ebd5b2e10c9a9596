/**
 * The options, or an empty object where there are none; throws a `TypeError` for one that nobody reads. Types find those
 * where there are types: without them, a misspelt option would leave its default in force and say nothing.
 */
export function checkNames<Options extends object>(owner: string, options: Options, names: readonly string[]): Options {
  // In JavaScript they may be left out. What is missing in them is for whoever reads them to say.
  const given = (typeof options === 'object' && options) || ({} as Options)
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
 * From 0 to 1: how many of the pairs of letters in the shorter name stand in the other, so that `limit` is like
 * `limitBytes`.
 */
function likeness(a: string, b: string): number {
  const [pairs, others] = [pairsOf(a), pairsOf(b)]
  const shared = pairs.filter((pair) => others.includes(pair))
  return shared.length / Math.min(pairs.length, others.length)
}

function pairsOf(name: string): string[] {
  const letters = name.toLowerCase()
  return Array.from(letters, (_, index) => letters.slice(index, index + 2))
}
