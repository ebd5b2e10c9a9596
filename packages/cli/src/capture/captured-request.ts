/** A captured request. */
export interface CapturedRequest {
  readonly headers: Readonly<Record<string, readonly string[]>>
  /** The address with its query, if the capture has it. */
  readonly url?: string
  readonly body: Uint8Array
  /** The time of the request, in milliseconds since 1970, if the capture has it. */
  readonly atMs?: number
}

/** Collects headers by lower-case names, each with all its values. */
export function collectHeaders(pairs: Iterable<readonly [name: string, value: string]>): CapturedRequest['headers'] {
  const headers: Record<string, string[]> = Object.create(null)
  for (const [name, value] of pairs) {
    const key = name.toLowerCase()
    headers[key] ??= []
    headers[key].push(value)
  }
  return headers
}

/** Splits `name: value`. Returns undefined for another form. */
export function readHeader(line: string): [string, string] | undefined {
  const match = /^([^:\s]+):(.*)$/s.exec(line)
  return match === null ? undefined : [match[1]!, match[2]!.trim()]
}
