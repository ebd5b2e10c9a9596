import type { CatalogProvider } from './catalog/providers.js'
import { Failure } from './failure.js'

/** The secret given, or the one in the environment; undefined when there is none. */
export function secretOf({ variable }: CatalogProvider, given?: string): string | undefined {
  return given ?? (process.env[variable] || undefined)
}

export function requireSecret(provider: CatalogProvider, given?: string): string {
  const secret = secretOf(provider, given)
  if (secret === '') throw new Failure('The secret given with --secret is empty.')
  if (secret !== undefined) return secret
  throw new Failure(
    `The secret of ${provider.title} is needed: set ${provider.variable} in the environment, or give --secret.`,
  )
}
