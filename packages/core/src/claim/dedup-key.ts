import { sha256 } from '../signature/sha256.js'

/** Whose keys these are. */
export interface KeySpace {
  readonly namespace: string
  readonly provider: string
  readonly account: string | undefined
}

/** Far longer than any provider's. A store keeps each key for days, and outcomes print it. */
const MAX_ID_LENGTH = 4096

/**
 * The deduplication key: `openmail:evt_1`, with namespace and account `shop/openmail@eu:evt_1`. Everything before the
 * first colon is free of colons, so that no two sources can make the same key. Of an id that is absurdly long the hash
 * stands in it.
 */
export function dedupKey({ namespace, provider, account }: KeySpace, id: string): string {
  const space = namespace === '' ? '' : `${encodeURIComponent(namespace)}/`
  const owner = account === undefined ? provider : `${provider}@${encodeURIComponent(account)}`
  return `${space}${owner}:${id.length > MAX_ID_LENGTH ? sha256(id) : id}`
}
