/** What a route answers. `body` is written as JSON. */
export interface Reply {
  readonly status: number
  readonly body: unknown
}

/** What a route is asked. */
export interface Asked {
  readonly method: string
  /** The path without the query, decoded segment by segment. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  /** The parsed JSON of a write. Undefined for a read. */
  readonly body: unknown
}

export const ok = (body: unknown): Reply => ({ status: 200, body })

export const failed = (status: number, error: string): Reply => ({ status, body: { error } })

/** Ends a route with an answer that says what is wrong. */
export class Refusal extends Error {
  readonly reply: Reply

  constructor(status: number, message: string) {
    super(message)
    this.reply = failed(status, message)
  }
}
