/**
 * What a database or a queue calls its failure (`ECONNREFUSED`, `42P01` for a table that is missing), to be printed
 * behind other words: it tells nothing of the delivery.
 */
export function codeOf(failure: unknown): string {
  const { code } = (failure ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? ` (${code})` : ''
}
