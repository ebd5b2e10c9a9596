import { coldMailReseller, inboxKit, openMail, type Provider, type Secret } from '@mailbox-hooks/core'
import { type ProviderName, sample } from '@mailbox-hooks/testing'
import { Failure } from '../failure.js'
import { didYouMean } from '../suggest.js'
import { DESCRIPTIONS } from './descriptions.js'

export type Payload = Readonly<Record<string, unknown>>

/** A provider, as the commands use it. */
export interface CatalogProvider {
  readonly name: ProviderName
  readonly title: string
  /** The environment variable of its secret. */
  readonly variable: string
  readonly create: (options: { secrets: readonly Secret[] }) => Provider
  readonly samples: Readonly<Record<string, () => Payload>>
}

/** Returns the provider's own description, which needs no secret. */
export const describe = ({ create }: CatalogProvider): Provider => create({ secrets: ['a-secret-that-is-never-used'] })

export interface CatalogEvent {
  readonly provider: CatalogProvider
  readonly name: string
  readonly description: string
}

export const PROVIDERS: readonly CatalogProvider[] = [
  {
    name: 'cold-mail-reseller',
    title: 'Cold Mail Reseller',
    variable: 'CMR_API_KEY',
    create: coldMailReseller,
    samples: sample.coldMailReseller,
  },
  {
    name: 'inboxkit',
    title: 'InboxKit',
    variable: 'INBOXKIT_API_KEY',
    create: inboxKit,
    samples: sample.inboxKit,
  },
  {
    name: 'openmail',
    title: 'OpenMail',
    variable: 'OPENMAIL_WEBHOOK_SECRET',
    create: openMail,
    samples: sample.openMail,
  },
]

export const EVENTS: readonly CatalogEvent[] = PROVIDERS.flatMap((provider) =>
  Object.keys(provider.samples).map((name) => ({ provider, name, description: DESCRIPTIONS[name] ?? '' })),
)

/** Returns the event of that name. No two providers share one. */
export function findEvent(name: string): CatalogEvent {
  const found = EVENTS.find((event) => event.name === name)
  if (found !== undefined) return found
  const names = EVENTS.map((event) => event.name)
  throw new Failure(`There is no event ${name}.${didYouMean(name, names)} "mailbox-hooks events" lists them all.`)
}

export function findProvider(name: string): CatalogProvider {
  const found = PROVIDERS.find((provider) => provider.name === name)
  if (found !== undefined) return found
  const names = PROVIDERS.map((provider) => provider.name)
  throw new Failure(`There is no provider ${name}.${didYouMean(name, names)} It is one of ${names.join(', ')}.`)
}
