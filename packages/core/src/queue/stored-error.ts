import { credentialsIn } from '../redaction/redact.js'
import type { OpenedDelivery } from './packed-delivery.js'

/** Shorter ones would be found everywhere. */
const MIN_LENGTH = 4

/**
 * What a queue may store of a handler's failure: name, message, code and stack, in which the payload's credentials read
 * `[redacted]`. An error often quotes what it failed on, and its other fields may hold the whole request.
 */
export function storedError(thrown: unknown, { delivery, credentials }: OpenedDelivery): Error {
  const secrets = credentialsIn(delivery.event.payload, credentials)
    .filter((secret) => secret.length >= MIN_LENGTH)
    .flatMap(spellings)
    // The longest first: one may be a part of another.
    .sort((a, b) => b.length - a.length)
  const clean = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)

  if (!(thrown instanceof Error)) return new Error(clean(String(thrown)))
  const error = Object.assign(new Error(clean(thrown.message)), { name: clean(thrown.name) })
  error.stack = clean(thrown.stack ?? error.message)
  const { code } = thrown as { code?: unknown }
  if (typeof code === 'string') return Object.assign(error, { code: clean(code) })
  return typeof code === 'number' ? Object.assign(error, { code }) : error
}

/** As it is, and as it stands in JSON, in JSON within JSON, and in a URL, which are what errors quote. */
function spellings(secret: string): string[] {
  const escaped = inJson(secret)
  return [secret, escaped, inJson(escaped), encodeURIComponent(secret.toWellFormed())]
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
