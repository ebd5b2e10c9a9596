import type { Provider } from '@mailbox-hooks/core'
import { playedOf, type ShownProvider } from '../data/provider-book.js'

/** Parts the providers into those whose secret is known, which verify, and the others. */
export function verifiersOf(shown: readonly ShownProvider[]): {
  readonly providers: readonly Provider[]
  readonly unproven: readonly Provider[]
} {
  const providers: Provider[] = []
  const unproven: Provider[] = []
  for (const each of shown) {
    const create = playedOf(each.name)?.create
    // One of your own was made with its secrets.
    if (create === undefined) providers.push(each.provider)
    else if (each.secrets.length > 0) providers.push(create({ secrets: each.secrets }))
    else unproven.push(each.provider)
  }
  return { providers, unproven }
}
