import type { FastifyContextConfig, RouteOptions } from 'fastify'

/**
 * Returns whether a route receives webhooks, by its options. Throws a `TypeError` for a route that looks as if it did
 * but would run its handler unverified, and for one that could refuse genuine deliveries.
 */
export function isWebhookRoute(route: RouteOptions): boolean {
  const name = `the route ${route.method} ${route.url}`
  const beside = Object.keys(route).find(isLikeWebhook)
  if (beside !== undefined) throw misspelt(`${name} has the option ${beside}`)
  if (!isSwitchedOn(route.config, name)) return false
  const { body } = Object(route.schema)
  if (body === undefined || body === null) return true
  throw new TypeError(
    `webhooks: ${name} has schema.body, but a webhook route has no request.body. The provider's schemas check the payload: ` +
      'remove schema.body',
  )
}

/** Returns `config.webhook`. Throws a `TypeError` for a wrong value and for a misspelt key. */
export function isSwitchedOn(config: FastifyContextConfig | undefined, route: string): boolean {
  if (config === undefined || config === null) return false
  for (const key of Object.keys(config)) {
    if (key !== 'webhook' && isLikeWebhook(key)) throw misspelt(`${route} has config.${key}`)
  }
  const { webhook = false } = config
  if (typeof webhook === 'boolean') return webhook
  throw new TypeError(
    `webhooks: ${route} has config.webhook ${JSON.stringify(webhook) ?? typeof webhook}, but it must be true or false`,
  )
}

const misspelt = (what: string) => new TypeError(`webhooks: ${what}: do you mean config.webhook?`)

/** Returns whether a key is `webhook`, apart from case, separators, a plural s, and one typing mistake. */
function isLikeWebhook(key: string): boolean {
  const letters = key.toLowerCase().replace(/[^a-z]/g, '')
  return [letters, letters.replace(/s$/, '')].some((word) => isOneMistakeFrom(word, 'webhook'))
}

/** Returns whether the words are equal but for one letter that is missing, added, wrong or swapped with its neighbour. */
function isOneMistakeFrom(word: string, right: string): boolean {
  if (Math.abs(word.length - right.length) > 1) return false
  let start = 0
  while (start < word.length && word[start] === right[start]) start += 1
  const [rest, rightRest] = [word.slice(start), right.slice(start)]
  const swapped = `${rest[1] ?? ''}${rest[0] ?? ''}${rest.slice(2)}`
  return [
    [rest, rightRest],
    [rest.slice(1), rightRest.slice(1)],
    [rest.slice(1), rightRest],
    [rest, rightRest.slice(1)],
    [swapped, rightRest],
  ].some(([mended, wanted]) => mended === wanted)
}
