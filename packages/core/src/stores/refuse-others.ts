/** A client that a store cannot use, recognised by its shape. */
export interface OtherClient {
  /** Returns whether the client is of this kind. `has` checks whether it has all of these methods. */
  readonly isIt: (has: HasMethods, client: object) => boolean
  /** Names the client, and what to pass instead. */
  readonly advice: string
}

type HasMethods = (...names: readonly string[]) => boolean

/** Throws a `TypeError` for a client of one of these kinds. Without this check, every delivery would fail. */
export function refuseOthers(owner: string, client: unknown, others: readonly OtherClient[]): void {
  if ((typeof client !== 'object' && typeof client !== 'function') || client === null) return
  const members = client as Readonly<Record<string, unknown>>
  const has: HasMethods = (...names) => names.every((name) => typeof members[name] === 'function')
  const found = others.find(({ isIt }) => isIt(has, client))
  if (found !== undefined) throw new TypeError(`${owner}: ${found.advice}`)
}
