/** The options; throws a `TypeError` for one that nobody reads. Of its own, for nothing here is checked by the core. */
export function checkNames<Options extends object>(owner: string, options: Options, names: readonly string[]): Options {
  const unknown = Object.keys(options ?? {}).find((name) => !names.includes(name))
  if (unknown === undefined) return options ?? {}
  throw new TypeError(`${owner}: there is no option ${unknown}; there are ${names.join(', ')}`)
}
