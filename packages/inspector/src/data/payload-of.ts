import type { JsonObject, Provider } from '@mailbox-hooks/core'

/** Parses a body as its provider would. Undefined for what it would refuse; the first event of a list. */
export function payloadOf(body: Uint8Array, provider: Provider): JsonObject | undefined {
  try {
    const parsed = provider.parse(body)
    return parsed.items === undefined ? parsed.payload : parsed.items[0]?.payload
  } catch {
    return undefined
  }
}
