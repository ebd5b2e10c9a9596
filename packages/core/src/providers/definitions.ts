import type { Secret, SecretsOption } from '../signature/secrets.js'
import type { Provider } from './provider.js'

/** What only the process that defined a provider may know. */
export interface Defined {
  readonly secrets: SecretsOption
  /** Creates the same provider with other secrets. */
  readonly withSecrets: (options: { readonly secrets: readonly Secret[] }) => Provider
}

/** Beside the providers, so that nothing that prints, copies or sends a provider has its secrets. */
const definitions = new WeakMap<object, Defined>()

export function rememberDefinition<P extends Provider>(provider: P, defined: Defined): P {
  definitions.set(provider, defined)
  return provider
}

/** Returns how a provider was defined. Undefined if `defineProvider` did not make it. */
export const definitionOf = (provider: Provider): Defined | undefined => definitions.get(provider)
