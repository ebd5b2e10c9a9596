import { type About, normalizeAddress, normalizeDomain } from '../event/about.js'
import type { EntrySealer } from './entry-sealer.js'

/** Addresses are compared in their normal form, ids as they are. */
const address = (text: string) => `a\n${text}`
const id = (text: string) => `i\n${text}`

interface Entity {
  readonly provider: string
  readonly account: string | undefined
  readonly entity: string | undefined
}

/** The index of what an event is about: opaque tokens, which only a holder of the key can make again. */
export function aboutTokens(sealer: EntrySealer, about: About, entity: Entity): readonly string[] {
  const texts = [...about.addresses.map(address), ...about.ids.map(id), ...entityTexts(entity)]
  return [...new Set(texts.map((text) => sealer.indexToken(text)))]
}

/** Returns the tokens of what a query names: it may be an address, a domain, or an id. */
export function queryTokens(sealer: EntrySealer, about: string): readonly string[] {
  const [mailbox, domain] = [normalizeAddress(about), normalizeDomain(about)]
  const texts = [
    id(about),
    ...(mailbox === undefined ? [] : [address(mailbox)]),
    ...(domain === undefined ? [] : [id(domain)]),
  ]
  return [...new Set(texts)].flatMap((text) => sealer.indexTokens(text))
}

/** The tokens of an event's entity, to find newer events about the same. */
export const entityTokens = (sealer: EntrySealer, entity: Entity): readonly string[] =>
  entityTexts(entity).flatMap((text) => sealer.indexTokens(text))

const entityTexts = ({ provider, account, entity }: Entity) =>
  entity === undefined ? [] : [`e\n${JSON.stringify([provider, account, entity])}`]
