import { credentialsIn } from '../redaction/redact.js'
import type { OpenedDelivery } from './packed-delivery.js'

/** A shorter text would match in too many places. */
const MIN_LENGTH = 4

/**
 * Returns the part of a handler's error that a queue may store: name, message, code and stack, with the payload's
 * credentials replaced by `[redacted]`. Errors often quote their input, and other fields may hold the whole request.
 */
export function storedError(thrown: unknown, { delivery, credentials }: OpenedDelivery): Error {
  const secrets = credentialsIn(delivery.event.payload, credentials)
    .filter((secret) => secret.length >= MIN_LENGTH)
    .flatMap(spellings)
    // The longest first, because one may contain another.
    .sort((a, b) => b.length - a.length)
  const clean = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)

  if (!(thrown instanceof Error)) return new Error(clean(String(thrown)))
  const error = Object.assign(new Error(clean(thrown.message)), { name: clean(thrown.name) })
  error.stack = clean(thrown.stack ?? error.message)
  const { code } = thrown as { code?: unknown }
  if (typeof code === 'string') return Object.assign(error, { code: clean(code) })
  return typeof code === 'number' ? Object.assign(error, { code }) : error
}

/** Returns the spellings in which an error may quote a secret: plain, in JSON, in JSON within JSON, and in a URL. */
function spellings(secret: string): string[] {
  const escaped = inJson(secret)
  return [secret, escaped, inJson(escaped), encodeURIComponent(secret.toWellFormed())]
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
