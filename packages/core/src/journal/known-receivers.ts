import { type Defined, definitionOf } from '../providers/definitions.js'
import type { Provider } from '../providers/provider.js'
import type { SecretsOption } from '../signature/secrets.js'

/** A provider of a receiver in this process. */
export interface KnownProvider extends Partial<Defined> {
  readonly provider: Provider
}

/** More receivers than any process has at a time. */
const MAX_RECEIVERS = 20

/** Remembers the providers of the receivers that write into a journal from this process. */
export class KnownReceivers {
  #receivers: (readonly Provider[])[] = []

  add(providers: readonly Provider[]): void {
    this.#receivers = [providers, ...this.#receivers].slice(0, MAX_RECEIVERS)
  }

  /** The providers, those of the newest receiver first. With an account of each name there are several of that name. */
  get providers(): readonly KnownProvider[] {
    return [...new Set(this.#receivers.flat())].map((provider) => ({ provider, ...definitionOf(provider) }))
  }

  /** The secrets of all providers but those of one name, by names. */
  secretsBeside(name: string | undefined): Record<string, SecretsOption> {
    const others = this.providers.filter(({ provider }) => provider.name !== name)
    return Object.fromEntries(others.map(({ provider, secrets = [] }) => [provider.name, secrets]))
  }
}
