import { StoreFailure } from '../store-failure.js'
import { isReply } from './redis-commands.js'

/** Matches the errors of clients that cannot send a command. */
const NOT_CONNECTED =
  /client is (?:closed|offline)|Connection is closed|isn't writeable|max retries|ECONNREFUSED|fetch failed/

/** What the server's own refusals begin with, and what an operator can look into. */
const REFUSALS: readonly (readonly [beginning: string, advice: string])[] = [
  ['READONLY', 'The server is a read-only replica.'],
  ['NOREPLICAS', 'Too few replicas are connected (min-replicas-to-write).'],
  ['OOM', "The server's memory is full."],
  ['NOPERM', 'May the client run SET, GET, DEL, PTTL, PEXPIRE, EVAL and EVALSHA?'],
  ['NOAUTH', 'Does the client have a password?'],
  ['WRONGPASS', 'Is the password or token of the client right?'],
  ['MOVED', 'The server is a node of a cluster. Pass a client of the cluster.'],
  ['CLUSTERDOWN', 'The cluster has no master for this key.'],
]

/** Throws the failure again, with advice if an operator can mend it. */
export function rethrowAdvised(failure: unknown): never {
  if (!(failure instanceof Error)) throw failure
  if (NOT_CONNECTED.test(`${(failure as { code?: unknown }).code} ${failure.message}`)) {
    throw new StoreFailure(failure, 'Is the client connected?')
  }
  const refusal = REFUSALS.find(([beginning]) => isReply(failure, beginning))
  throw refusal === undefined ? failure : new StoreFailure(failure, refusal[1])
}
