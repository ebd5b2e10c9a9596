/** The same in every copy of this library: the command line has one of its own. */
const MARK = Symbol.for('mailbox-hooks.exact-secret')

/**
 * A secret that is taken as it is, whatever is wrong with it. `diagnose` tries the mistakes that `checkSecrets` refuses, and
 * the command line asks a provider for its description without knowing its secret.
 */
export class ExactSecret extends Uint8Array {
  readonly [MARK] = true
}

export const isExactSecret = (secret: unknown): secret is ExactSecret =>
  secret instanceof Uint8Array && (secret as { readonly [MARK]?: unknown })[MARK] === true
