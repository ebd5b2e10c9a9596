import type { Provider, Secret } from '@mailbox-hooks/core'
import { describeProvider, PLAYED, type Scenario } from '@mailbox-hooks/core/play'
import type { PlayableProvider } from '@mailbox-hooks/testing'
import { Failure } from '../failure.js'
import { didYouMean } from '../suggest.js'

export type Payload = Readonly<Record<string, unknown>>

/** A provider, as the commands use it: a built-in one, or one of the user's own. */
export interface CatalogProvider {
  readonly name: string
  readonly title: string
  /** The environment variable of its secret. */
  readonly variable: string
  readonly create: (options: { secrets: readonly Secret[] }) => Provider
  /** What `testing` plays: a built-in provider by its name, or the provider itself. */
  readonly playable: PlayableProvider
  readonly samples: Readonly<Record<string, () => Payload>>
  readonly descriptions: Readonly<Record<string, string>>
  readonly scenarios: readonly Scenario[]
}

/** Returns the provider's own description, which needs no secret. */
export const describe = ({ create }: CatalogProvider): Provider => describeProvider(create)

export interface CatalogEvent {
  readonly provider: CatalogProvider
  readonly name: string
  readonly description: string
}

export const PROVIDERS: readonly CatalogProvider[] = PLAYED.map((played) => ({
  ...played,
  playable: played.name,
  samples: Object.fromEntries(
    Object.entries(played.samples).map(([type, payload]) => [type, () => structuredClone(payload as Payload)]),
  ),
}))

/** Returns the events of providers, in their order. */
export const eventsOf = (providers: readonly CatalogProvider[]): readonly CatalogEvent[] =>
  providers.flatMap((provider) =>
    Object.keys(provider.samples).map((name) => ({ provider, name, description: provider.descriptions[name] ?? '' })),
  )

/** Returns the event of that name. Of several providers that have one, the first in the list is meant. */
export function findEvent(name: string, providers: readonly CatalogProvider[] = PROVIDERS): CatalogEvent {
  const events = eventsOf(providers)
  const found = events.find((event) => event.name === name)
  if (found !== undefined) return found
  const names = events.map((event) => event.name)
  throw new Failure(`There is no event ${name}.${didYouMean(name, names)} "mailbox-hooks events" lists them all.`)
}

export function findProvider(name: string): CatalogProvider {
  const found = PROVIDERS.find((provider) => provider.name === name)
  if (found !== undefined) return found
  const names = PROVIDERS.map((provider) => provider.name)
  throw new Failure(
    `There is no provider ${name}.${didYouMean(name, names)} It is one of ${names.join(', ')}, or a file, e.g. ./acme.mjs.`,
  )
}
