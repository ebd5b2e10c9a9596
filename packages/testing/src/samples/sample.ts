import type { Provider } from '@mailbox-hooks/core'
import { PLAYED, type PlayedProvider } from '@mailbox-hooks/core/play'
import { override } from './overrides.js'
import { sampleOfSchema } from './sample-of-schema.js'
import { type Samples, samplesOf } from './samples-of.js'

type BuiltIn = (typeof PLAYED)[number]

/** The samples of the built-in providers, by name. */
type BuiltInSamples = {
  readonly [P in BuiltIn as P['key']]: P extends PlayedProvider<string, string, infer Events> ? Samples<Events> : never
}

/** The samples of the built-in providers, and those of a provider of your own. */
export interface Sampler extends BuiltInSamples {
  <Events extends object>(provider: Provider<string, Events>): Samples<Events>
}

/**
 * Realistic, typed sample payloads for each event of each provider. Pass overrides to change fields. For a provider of your
 * own, `sample(provider)` makes them of its schemas, where these describe themselves by Standard JSON Schema, as zod's do.
 *
 * A sample is the same each time, including its event id. To make another event, pass another id, or use `anotherEvent`. The
 * credentials are those of the providers' documents.
 *
 * @example
 * sample.coldMailReseller['mailbox.created']({ eventId: 'E1', data: { price: 3 } })
 * sample(acme)['order.paid']({ data: { amount: 3 } })
 */
export const sample: Sampler = Object.assign(
  <Events extends object>(provider: Provider<string, Events>): Samples<Events> =>
    // A sample for each type that has a schema.
    ownSamples(provider) as Samples<Events>,
  // Under each key are the samples of its provider.
  Object.fromEntries(PLAYED.map(({ key, samples }) => [key, samplesOf<object>(samples)])) as BuiltInSamples,
)

function ownSamples(provider: Provider): object {
  return Object.fromEntries(
    provider.types.map((type) => [type, (overrides?: object) => override(sampleOfSchema(provider, type), overrides)]),
  )
}
