import { unsetFault } from '@mailbox-hooks/core/queue'
import type { CatalogProvider } from './catalog/providers.js'
import { Failure } from './failure.js'

/** Returns the given secret, or the one in the environment, or undefined. */
export function secretOf({ variable }: CatalogProvider, given?: string): string | undefined {
  return given ?? (process.env[variable] || undefined)
}

/** Returns the secret to sign with. Throws for one that no receiver accepts, because its refusals would be hard to explain. */
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
    `The secret of ${provider.title} is needed: set ${provider.variable} in the environment, or pass --secret.`,
  )
}
