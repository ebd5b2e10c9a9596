import { QueueFailure } from '@mailbox-hooks/core/queue'

/** The beginnings of Redis errors, and what an operator can change. */
const REFUSALS: readonly (readonly [beginning: string, advice: string])[] = [
  [
    'CROSSSLOT',
    "On a Redis Cluster, all keys of a queue must be on one node: set prefix: '{mailbox-hooks}' on Queue and Worker.",
  ],
  ['MOVED', 'The server is a node of a Redis Cluster: connect with new Cluster(…) of ioredis.'],
  ['CLUSTERDOWN', 'The cluster has no master for the keys of the queue.'],
  ['READONLY', 'The server is a read-only replica.'],
  ['OOM', "The server's memory is full."],
  ['NOAUTH', 'Does the connection have a password?'],
]

/** Throws the failure again, with advice if an operator can mend it. */
export function rethrowAdvised(failure: unknown): never {
  if (!(failure instanceof Error)) throw failure
  const { message } = failure
  // A script's own error stands behind the name of its class.
  const refusal = REFUSALS.find(([beginning]) => message.replace(/^ERR /, '').startsWith(beginning))
  throw refusal === undefined ? failure : new QueueFailure(failure, refusal[1])
}
