import { sha256 } from '../signature/sha256.js'

/** The namespace, provider and account of a key. */
export interface KeySpace {
  readonly namespace: string
  readonly provider: string
  readonly account: string | undefined
}

/** Far longer than the id of any provider. The limit matters because stores keep keys for days, and outcomes print them. */
const MAX_ID_LENGTH = 4096

/**
 * Returns the deduplication key: `openmail:evt_1`, or `shop/openmail@eu:evt_1` with namespace and account. The part before
 * the first colon has no colon, so two sources cannot make the same key. A hash replaces an extremely long id.
 */
export function dedupKey({ namespace, provider, account }: KeySpace, id: string): string {
  const space = namespace === '' ? '' : `${encodeURIComponent(namespace)}/`
  const owner = account === undefined ? provider : `${provider}@${encodeURIComponent(account)}`
  return `${space}${owner}:${id.length > MAX_ID_LENGTH ? sha256(id) : id}`
}
