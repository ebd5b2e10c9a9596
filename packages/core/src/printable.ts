import { redact } from './redact.js'

/**
 * Printing it, by `JSON.stringify` or `console.log`, hides the credentials in it; its properties themselves are the data.
 * `credentials` names fields to hide beyond those `redact` knows.
 */
export abstract class Printable {
  readonly #credentials: readonly string[]

  constructor(credentials: readonly string[]) {
    this.#credentials = credentials
  }

  toJSON(): unknown {
    return redact({ ...this }, this.#credentials)
  }

  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return this.toJSON()
  }
}
