/** Makes keys as the receiver makes them, each once. */
export function freshKeys(start = 0): () => string {
  let next = start
  return () => `openmail:evt_01HX7E${next++}K3N9Q`
}

export const ABOUT = { provider: 'openmail', type: 'message.received' }
export const LEASE_MS = 15_000
export const RETENTION_MS = 7 * 24 * 3600_000
