import { WebhookError } from '../errors.js'

/** Returns undefined instead of a refusal: where nothing is proven yet, all refusals must be alike. */
export function quietly<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof WebhookError) return undefined
    throw error
  }
}
