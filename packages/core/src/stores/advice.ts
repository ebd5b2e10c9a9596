const ADVICE = new WeakMap<object, string>()

/**
 * Leaves with a failure what the operator may look into, for a store that knows the failures of its database. It is
 * printed, so it tells nothing of the delivery.
 */
export function advise(failure: object, advice: string): void {
  ADVICE.set(failure, advice)
}

/** What a store has left with a failure, to be printed behind other words. */
export function adviceOn(failure: unknown): string {
  const advice = ADVICE.get(failure as object)
  return advice === undefined ? '' : ` ${advice}`
}
