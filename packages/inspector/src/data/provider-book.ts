import type { Journal, Provider, Secret, SecretsOption } from '@mailbox-hooks/core'
import { knownProvidersOf } from '@mailbox-hooks/core/journal'
import { describeProvider, PLAYED, type PlayedProvider, type Sender } from '@mailbox-hooks/core/play'
import { unsetFault } from '@mailbox-hooks/core/queue'
import type { PlayableProvider } from '@mailbox-hooks/testing'

/** A provider as the inspector shows and plays it. */
export interface ShownProvider {
  readonly name: string
  readonly title: string
  readonly account: string | undefined
  readonly provider: Provider
  /** What `signedDelivery` takes. */
  readonly playable: PlayableProvider
  readonly sender: Sender | undefined
  /** The environment variable in which a secret is looked for, where no receiver hands one over. */
  readonly variable: string
  /** Never leaves the process. */
  readonly secrets: readonly Secret[]
}

/** Knows the providers: those of the receivers that use the journal, those given as an option, and the built-in ones. */
export class ProviderBook {
  readonly #journal: Journal
  readonly #given: readonly Provider[]

  constructor(journal: Journal, given: readonly Provider[]) {
    this.#journal = journal
    this.#given = given
  }

  /** The providers of receivers and options; the built-in ones where there are none. */
  own(): readonly ShownProvider[] {
    const known = knownProvidersOf(this.#journal)
    const others = this.#given.filter((provider) => !known.some((each) => each.provider === provider))
    const shown = [
      ...known.map(({ provider, secrets }) => shownOf(provider, secrets)),
      ...others.map((provider) => shownOf(provider, undefined)),
    ]
    return distinct(shown)
  }

  /** Its own ones first, and then the built-in ones that are not among them. */
  all(): readonly ShownProvider[] {
    const own = this.own()
    const missing = PLAYED.filter(({ name }) => !own.some((each) => each.name === name))
    return [...own, ...missing.map(({ name }) => builtIn(name)!)]
  }

  find(name: string | undefined, account?: string): ShownProvider | undefined {
    if (name === undefined) return undefined
    const own = this.own().filter((each) => each.name === name)
    return own.find((each) => each.account === account) ?? own[0] ?? builtIn(name)
  }

  titleOf(name: string): string {
    return playedOf(name)?.title ?? name
  }
}

function shownOf(provider: Provider, secrets: SecretsOption | undefined): ShownProvider {
  const { name, account } = provider
  const played = playedOf(name)
  const variable = played?.variable ?? `${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_WEBHOOK_SECRET`
  return {
    name,
    title: played?.title ?? name,
    account,
    provider,
    playable: (played?.name ?? provider) as PlayableProvider,
    sender: played?.sender,
    variable,
    secrets: secrets?.filter((secret) => secret !== undefined) ?? inEnvironment(variable),
  }
}

/** The provider itself is described once: it depends on nothing. */
const descriptions = new Map<string, Provider>()

function builtIn(name: string): ShownProvider | undefined {
  const played = playedOf(name)
  if (played === undefined) return undefined
  const provider = descriptions.get(name) ?? describeProvider(played.create)
  descriptions.set(name, provider)
  return shownOf(provider, undefined)
}

export const playedOf = (name: string): PlayedProvider<string, string, Record<string, unknown>> | undefined =>
  // Each has the types of its own events.
  (PLAYED as readonly unknown[] as readonly PlayedProvider<string, string, Record<string, unknown>>[]).find(
    (played) => played.name === name,
  )

/** A placeholder verifies nothing, and its refusals would be hard to explain. */
function inEnvironment(variable: string): readonly string[] {
  const secret = process.env[variable]
  return secret === undefined || secret === '' || unsetFault(secret) !== undefined ? [] : [secret]
}

function distinct(providers: readonly ShownProvider[]): readonly ShownProvider[] {
  const byName = new Map<string, ShownProvider>()
  for (const each of providers) {
    const key = JSON.stringify([each.name, each.account])
    if (!byName.has(key)) byName.set(key, each)
  }
  return [...byName.values()]
}
