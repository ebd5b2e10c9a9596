/** A request as somebody kept it. */
export interface CapturedRequest {
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: Uint8Array
  /** When it was sent, in milliseconds since 1970, where the capture says so. */
  readonly atMs?: number
}

/** Headers by their lower-case names, each with every value it stands there with. */
export function collectHeaders(pairs: Iterable<readonly [name: string, value: string]>): CapturedRequest['headers'] {
  const headers: Record<string, string[]> = Object.create(null)
  for (const [name, value] of pairs) {
    const key = name.toLowerCase()
    headers[key] = [...(headers[key] ?? []), value]
  }
  return headers
}

/** `name: value` taken apart; undefined when it is not that. */
export function readHeader(line: string): [string, string] | undefined {
  const match = /^([^:\s]+):(.*)$/s.exec(line)
  return match === null ? undefined : [match[1]!, match[2]!.trim()]
}
