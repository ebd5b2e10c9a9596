/** Returns the known name that is most similar to a mistyped one, or undefined. */
function suggest(typed: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= Math.max(2, typed.length * 0.4) ? best.name : undefined
}

/** Returns `Did you mean …?` or an empty text. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const name = suggest(typed, known)
  return name === undefined ? '' : ` Did you mean ${name}?`
}

/** Returns the Levenshtein distance: how many characters must be added, removed or replaced. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + Number(a[i - 1] !== b[j - 1])
      row.push(Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1))
    }
    previous = row
  }
  return previous[b.length]!
}
