import { type CatalogProvider, describe, PROVIDERS } from '../catalog/providers.js'
import { bytes, forgery } from './common-scenarios.js'
import type { Play } from './play.js'

/** A lifecycle to play, with its provider. */
export interface PlayableScenario {
  readonly name: string
  readonly provider: CatalogProvider
  readonly description: string
  readonly play: (play: Play) => Promise<void>
}

/** Returns the scenarios of a provider: its own, a forgery, and its JSON written differently. */
export function scenariosOf(provider: CatalogProvider): readonly PlayableScenario[] {
  const [event = ''] = Object.keys(provider.samples).filter((type) => SUBJECTS.includes(type))
  const [first = event] = event === '' ? Object.keys(provider.samples) : [event]
  const all = [...provider.scenarios, forgery(provider.name, first, staleMsOf(provider)), ...bytesOf(provider, first)]
  return all.map((scenario) => ({ ...scenario, provider }))
}

/** The events that forgers would choose: those with credentials or mails. */
const SUBJECTS = ['mailbox.created', 'mailbox.status_changed', 'message.received', 'email.received']

/** Beyond the documented window. Without one, any age may be accepted. */
function staleMsOf(provider: CatalogProvider): number | undefined {
  const { windowMs } = describe(provider)
  const isDocumented = windowMs > 0 && windowMs < 24 * 3_600_000
  return isDocumented ? Math.max(600_000, windowMs + 60_000) : undefined
}

/** A form has no JSON to write, and a list is not one object. */
const bytesOf = (provider: CatalogProvider, event: string) => {
  const { body, list } = describe(provider).scheme
  return body === 'json' && list === undefined ? [bytes(provider.name, event)] : []
}

export const SCENARIOS: readonly PlayableScenario[] = PROVIDERS.flatMap(scenariosOf)
