import { types } from 'node:util'
import type { SecretCutter } from './secret-cutter.js'

/** An error as it may be logged. */
export interface PrintedError {
  readonly name: string
  readonly message: string
  /** What a database, a queue or Node calls the failure, e.g. `ECONNREFUSED`. */
  readonly code?: string | number
}

const MAX_NAME = 200
const MAX_MESSAGE = 2_000

/**
 * Returns the name, the message and the code of whatever was thrown, with secrets cut out. The message keeps 2,000
 * characters. Never throws.
 */
export function printedError(thrown: unknown, cut: SecretCutter): PrintedError {
  const clean = (text: unknown, length: number) => cut(textOf(text), 5 * length).slice(0, length)
  try {
    if (!isError(thrown)) return { name: 'Error', message: clean(thrown, MAX_MESSAGE) }
    const { name, code, errors = [] } = thrown
    // Several failures in one, such as those to connect to each address of a host, are told by the first.
    const message = thrown.message || (isError(errors[0]) ? errors[0].message : '')
    const told = { name: clean(name, MAX_NAME), message: clean(message, MAX_MESSAGE) }
    if (typeof code === 'string') return { ...told, code: clean(code, MAX_NAME) }
    return typeof code === 'number' ? { ...told, code } : told
  } catch {
    return { name: 'Error', message: 'The error cannot be read.' }
  }
}

/** An error of another realm is no instance of this one's class. */
const isError = (value: unknown): value is Error & { code?: unknown; errors?: readonly unknown[] } =>
  value instanceof Error || types.isNativeError(value)

function textOf(value: unknown): string {
  try {
    return String(value)
  } catch {
    return 'A value that is no text.'
  }
}
