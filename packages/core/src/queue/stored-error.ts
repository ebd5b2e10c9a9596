import { types } from 'node:util'
import { credentialsIn } from '../redaction/credentials-in.js'
import { secretCutter } from '../redaction/secret-cutter.js'

/** A payload, and the names of further fields that hold its credentials. */
interface ErrorContext {
  readonly delivery: { readonly event: { readonly payload: unknown } }
  readonly credentials: readonly string[]
}

/** An error may quote a whole payload. */
const MAX_MESSAGE = 10_000
const MAX_STACK = 20_000
const MAX_NAME = 200

/**
 * Returns the part of a handler's error that a queue may store: name, message, code and stack, with the payload's
 * credentials replaced by `[redacted]`. Errors often quote their input, and other fields may hold the whole request.
 * Whatever was thrown, it returns an error. The message keeps 10,000 characters, the stack 20,000.
 */
export function storedError(thrown: unknown, { delivery, credentials }: ErrorContext): Error {
  const cut = secretCutter(credentialsIn(delivery.event.payload, credentials))
  const clean = (text: unknown, length: number) => cut(textOf(text)).slice(0, length)

  // Errors of another realm are not instances of this one's class.
  if (!(thrown instanceof Error || types.isNativeError(thrown))) return new Error(clean(thrown, MAX_MESSAGE))
  const { name, message, stack = message, code } = thrown as Error & { code?: unknown }
  const error = Object.assign(new Error(clean(message, MAX_MESSAGE)), { name: clean(name, MAX_NAME) })
  error.stack = clean(stack, MAX_STACK)
  if (typeof code === 'string') return Object.assign(error, { code: clean(code, MAX_NAME) })
  return typeof code === 'number' ? Object.assign(error, { code }) : error
}

function textOf(value: unknown): string {
  try {
    return String(value)
  } catch {
    return 'A value that cannot be written as a text was thrown.'
  }
}
