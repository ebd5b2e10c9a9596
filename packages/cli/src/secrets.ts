import { unsetFault } from '@mailbox-hooks/core/queue'
import type { CatalogProvider } from './catalog/providers.js'
import { Failure } from './failure.js'

/** The secret given, or the one in the environment; undefined when there is none. */
export function secretOf({ variable }: CatalogProvider, given?: string): string | undefined {
  return given ?? (process.env[variable] || undefined)
}

/** The secret to sign with: one that no receiver takes would only make a riddle of its refusals. */
export function requireSigningSecret(provider: CatalogProvider, given?: string): string {
  const secret = requireSecret(provider, given)
  const unset = unsetFault(secret)
  if (unset !== undefined) throw new Failure(`The secret of ${provider.title} ${unset}`)
  return secret
}

export function requireSecret(provider: CatalogProvider, given?: string): string {
  const secret = secretOf(provider, given)
  if (secret === '') throw new Failure('The secret given with --secret is empty.')
  if (secret !== undefined) return secret
  throw new Failure(
    `The secret of ${provider.title} is needed: set ${provider.variable} in the environment, or give --secret.`,
  )
}
