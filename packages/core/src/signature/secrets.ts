/** A secret as text (its UTF-8 bytes are the key) or as bytes. */
export type Secret = string | Uint8Array

/** As read from the environment: a missing variable is found at start, not at the first delivery. */
export type SecretsOption = readonly (Secret | undefined)[]

/** Every secret of a provider, or a `TypeError` that says which one is wrong and never what it is. */
export function checkSecrets(provider: string, secrets: SecretsOption): readonly Secret[] {
  if (!Array.isArray(secrets) || secrets.length === 0) {
    throw new TypeError(
      `${provider}: secrets must be a list with at least one secret, e.g. { secrets: [process.env.KEY] }`,
    )
  }
  return secrets.map((secret: Secret | undefined, index) => checkSecret(`${provider}: secrets[${index}]`, secret))
}

function checkSecret(label: string, secret: Secret | undefined): Secret {
  if (secret === undefined || secret === null)
    throw new TypeError(`${label} is undefined: is its environment variable set?`)
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) throw new TypeError(`${label} must be a string`)
  if (secret.length === 0) throw new TypeError(`${label} is empty: anybody could sign with an empty secret`)
  if (typeof secret === 'string' && /\s/.test(secret)) {
    throw new TypeError(
      `${label} contains white space, which is part of no provider's secret: remove the stray character`,
    )
  }
  if (typeof secret === 'string' && /^(["'`]).*\1$/.test(secret)) {
    throw new TypeError(
      `${label} is wrapped in quotes, as some .env readers leave it: remove them, or nothing verifies`,
    )
  }
  return secret
}
