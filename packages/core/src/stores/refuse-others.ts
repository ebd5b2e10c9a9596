/** A client that a store cannot use, recognised by its shape. */
export interface OtherClient {
  /** Whether this is one: `has` says whether the client has all of these methods. */
  readonly isIt: (has: HasMethods, client: object) => boolean
  /** Says what it is, and what to pass in its place. */
  readonly advice: string
}

type HasMethods = (...names: readonly string[]) => boolean

/** Throws a `TypeError` for a client of one of these kinds. It would fail each delivery, and say nothing at start. */
export function refuseOthers(owner: string, client: unknown, others: readonly OtherClient[]): void {
  if ((typeof client !== 'object' && typeof client !== 'function') || client === null) return
  const members = client as Readonly<Record<string, unknown>>
  const has: HasMethods = (...names) => names.every((name) => typeof members[name] === 'function')
  const found = others.find(({ isIt }) => isIt(has, client))
  if (found !== undefined) throw new TypeError(`${owner}: ${found.advice}`)
}
