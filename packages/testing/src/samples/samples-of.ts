import { type Overrides, override } from './overrides.js'

/** Returns a payload with `overrides` applied. It is the same each time. */
export type Sample<Payload> = (overrides?: Overrides<Payload>) => Payload

/** The payload of one event type. */
export type PayloadOf<Events, Type extends keyof Events & string> = Events[Type]

/** A sample for each event of a provider. */
export type Samples<Events> = {
  readonly [Type in keyof Events & string]: Sample<PayloadOf<Events, Type>>
}

/** Makes a sample of one payload for each event of a provider. */
export function samplesOf<Events>(
  payloads: {
    readonly [Type in keyof Events & string]: PayloadOf<Events, Type>
  },
): Samples<Events> {
  const samples = Object.entries(payloads).map(([type, payload]) => [type, sampleOf(payload)])
  // Each payload keeps its own type.
  return Object.fromEntries(samples) as Samples<Events>
}

function sampleOf<Payload>(payload: Payload): Sample<Payload> {
  return (overrides) => override(payload, overrides)
}
