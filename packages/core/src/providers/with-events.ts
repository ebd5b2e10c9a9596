import type { PayloadsOf } from './payloads-of.js'
import type { EventSchemas } from './provider.js'

/** The events of a provider, and those that its user describes. */
export type WithEvents<Own, Extra extends EventSchemas> = [keyof Extra] extends [never] ? Own : Own & PayloadsOf<Extra>

/** Adds the schemas of event types that are newer than this version. Throws a `TypeError` for a type that it knows. */
export function withEvents<Own extends EventSchemas>(
  provider: string,
  own: () => Own,
  extra: EventSchemas | undefined,
): () => Own {
  if (extra === undefined) return own
  if (typeof extra !== 'object' || extra === null) {
    throw new TypeError(`${provider}: events must be an object with a schema for each event type`)
  }
  return () => {
    const known = own()
    for (const type of Object.keys(extra)) {
      if (!Object.hasOwn(known, type)) continue
      throw new TypeError(
        `${provider}: events has ${type}, which this version knows: remove it, and see what it is here`,
      )
    }
    // The type of the provider names the others, too.
    return { ...known, ...extra }
  }
}
