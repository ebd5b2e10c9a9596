import { REFUSED } from '../../src/adapter-suite/refused-deliveries.js'
import { acknowledging, type Broken, found } from './broken.js'
import { changed } from './reference-adapter.js'

/** Each refusal, acknowledged: what the provider then never sends again. */
const ACKNOWLEDGED = Object.fromEntries(
  REFUSED.map(({ what, status, error }) => [
    `acknowledges ${what}`,
    found(`refuses ${what}: ${status} ${error}`, acknowledging(error)),
  ]),
)

const atWindow = (seconds: number) => ({
  options: (options: object) => ({ ...options, now: () => (options as { now: () => number }).now() + seconds * 1000 }),
})

export const BROKEN_REFUSALS: Readonly<Record<string, Broken>> = {
  ...ACKNOWLEDGED,
  'has a clock that is a second fast': found('answers a delivery sent 300 s ago with 200', atWindow(1) as never),
  'has a clock that is a second slow': found('answers a delivery sent 300 s ahead with 200', atWindow(-1) as never),
  'takes what is a second too old': found('answers a delivery sent 301 s ago with 401', atWindow(-1) as never),
  'takes what is a second too far ahead': found('answers a delivery sent 301 s ahead with 401', atWindow(1) as never),
  'keeps the age of a refusal to itself': found('reports the age of a refused delivery to the operator', {
    options: ({ onOutcome, ...options }) => ({
      ...options,
      onOutcome: ({ ageMs: _, ...outcome }, request) => onOutcome?.(outcome, request),
    }),
  }),
  'reports outcomes without their issues': found(
    'reports the wrong fields of a payload to the operator, without their values',
    {
      options: ({ onOutcome, ...options }) => ({
        ...options,
        onOutcome: ({ issues: _, ...outcome }, request) => onOutcome?.(outcome, request),
      }),
    },
  ),
  "forgets the option 'invalid'": found("delivers a payload that does not match as unknown with invalid: 'deliver'", {
    options: ({ invalid: _, ...options }) => options,
  }),
  'keeps the connection of a body over the limit': found(
    'refuses an announced body over the limit without reading it',
    {
      answer: ({ headers: { connection: _, ...headers }, ...answer }) => ({ ...answer, headers }),
    },
  ),
  'limits no body without an announced length': found(
    'refuses a body that grows over the limit, and closes its connection',
    {
      request: (request) => changed(request, { readBody: () => request.readBody(Number.MAX_SAFE_INTEGER) }),
    },
  ),
  'takes any method for POST': found('refuses other methods than POST', {
    request: (request) => changed(request, { method: request.method === 'GET' ? 'GET' : 'POST' }),
  }),
  'refuses what it does not know': found('accepts an authentic event of an unknown type', {
    run: async (accepted, handler) =>
      accepted.delivery.event.type === 'unknown' ? { status: 422 } : accepted.run(handler),
  }),
  'looks for the headers of the first provider alone': found('uses the first of several providers that verifies', {
    options: ({ providers: [first], ...options }) => ({ ...options, providers: [first!] }),
  }),
}
