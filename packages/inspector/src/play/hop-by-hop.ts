/** Belong to one connection (RFC 9110, 7.6.1), so no hop passes them on. `expect` was answered by this hop. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

/** Returns names and values in turn, in their order and as they were written, without those of the connection. */
export function withoutHopByHop(rawHeaders: readonly string[], also: readonly string[] = []): string[] {
  const named = new Set(also)
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.toLowerCase() !== 'connection') continue
    for (const name of rawHeaders[at + 1]!.toLowerCase().split(',')) named.add(name.trim())
  }
  const kept: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase()
    if (!HOP_BY_HOP.has(name) && !named.has(name)) kept.push(rawHeaders[at]!, rawHeaders[at + 1]!)
  }
  return kept
}

/** Whether a header is there, by its lower-case name. */
export const hasHeader = (rawHeaders: readonly string[], name: string): boolean =>
  rawHeaders.some((known, at) => at % 2 === 0 && known.toLowerCase() === name)
