import { gitHubDelivery, nextDelivery, standardDelivery, stripeDelivery } from './deliveries.js'

/** What a server is asked: the microseconds of its CPU since it started. */
export type Question = 'cpu'

/** One of the servers that are compared, each a process of its own. */
export interface Contender {
  readonly name: string
  /** The module in `servers` and its export that starts it. */
  readonly server: readonly [file: string, start: string]
  readonly nextDelivery: () => Buffer
}

export type Framework = 'Express' | 'Koa' | 'Fastify' | 'Hono'

export const FRAMEWORKS: readonly Framework[] = ['Express', 'Koa', 'Fastify', 'Hono']

export const OURS = 'ours'
/** By hand to the same end: signature, window, strict JSON, the schema, a claim, a mark when the answer is out. */
export const EQUAL_WORK = 'equal work'
/** By hand in the fewest lines: signature, window and JSON. */
export const BARE_MINIMUM = 'bare minimum'

/** The same route of a framework three times. */
export function contendersOf(framework: Framework): Contender[] {
  const file = framework.toLowerCase()
  return [
    { name: BARE_MINIMUM, server: [file, 'bareMinimum'], nextDelivery },
    { name: EQUAL_WORK, server: [file, 'equalWork'], nextDelivery },
    { name: OURS, server: [file, 'ours'], nextDelivery },
  ]
}

/** Published middleware and verifiers on Express. None of them checks a schema or claims. */
export const PEERS: readonly Contender[] = [
  { name: '@octokit/webhooks', server: ['peers', 'octokit'], nextDelivery: gitHubDelivery },
  { name: '@hookflo/tern', server: ['peers', 'tern'], nextDelivery: gitHubDelivery },
  { name: 'express.raw, stripe', server: ['peers', 'stripe'], nextDelivery: stripeDelivery },
  { name: 'express.raw, standardwebhooks', server: ['peers', 'standardwebhooks'], nextDelivery: standardDelivery },
]
