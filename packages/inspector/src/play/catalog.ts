import type { Provider } from '@mailbox-hooks/core'
import { anotherEvent, sample } from '@mailbox-hooks/testing'
import type { CatalogProvider } from '../api.js'
import { type ProviderBook, playedOf, type ShownProvider } from '../data/provider-book.js'
import { signingSecret } from './sign.js'

type Payload = Readonly<Record<string, unknown>>

/** Lists what can be sent: every event of every provider, with a sample. */
export const readCatalog = (providers: ProviderBook): readonly CatalogProvider[] =>
  providers.all().map((shown) => {
    const canSign = signingSecret(shown) !== undefined
    return {
      name: shown.name,
      title: shown.title,
      canSign,
      ...(!canSign && {
        disabledBecause: `There is no secret to sign with: set ${shown.variable} in the environment.`,
      }),
      events: shown.provider.types.flatMap((type) => {
        const payload = samplePayload(shown, type)
        return payload === undefined ? [] : [{ type, description: descriptionOf(shown, type), sample: payload }]
      }),
    }
  })

const descriptionOf = ({ name }: ShownProvider, type: string) => playedOf(name)?.descriptions[type] ?? ''

/** Returns the sample of an event. Undefined where the schema does not describe itself. */
export function samplePayload({ name, provider }: ShownProvider, type: string): Payload | undefined {
  const played = playedOf(name)?.samples[type]
  if (played !== undefined) return structuredClone(played) as Payload
  try {
    const made = sample(provider as Provider<string, Record<string, Payload>>) as Readonly<
      Record<string, (() => Payload) | undefined>
    >
    return made[type]?.()
  } catch {
    return undefined
  }
}

/** Makes a payload another event, unless somebody has already given it an id of its own. */
export function asNewEvent(shown: ShownProvider, type: string, payload: Payload): Payload {
  const pristine = samplePayload(shown, type)
  if (pristine === undefined) return payload
  const renewed = anotherEvent(shown.playable, pristine)
  const identity = Object.keys(renewed).filter((name) => !isEqual(renewed[name], pristine[name]))
  const isEdited = identity.some((name) => !isEqual(payload[name], pristine[name]))
  return isEdited ? payload : anotherEvent(shown.playable, payload)
}

const isEqual = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
