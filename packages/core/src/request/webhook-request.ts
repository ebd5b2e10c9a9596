/**
 * A request as the receiver reads it. Each adapter creates one from its framework's request.
 */
export interface WebhookRequest {
  readonly method: string
  /** The URL or its path, with the query. Needed for providers that put a secret or a challenge into the query. */
  readonly url?: string | undefined
  /** The request as the framework has it, for `onOutcome(outcome, request)`. Default undefined. */
  readonly original?: unknown
  /**
   * Returns the value of a header by its lower-case name. The values of a repeated header are joined by commas, as any HTTP
   * hop may do.
   */
  header(name: string): string | undefined
  /** All headers by their lower-case names, for a journal to keep. Default: none are kept. */
  headers?(): Readonly<Record<string, string>>
  /** Returns the head as it came, for a journal in memory. Default: made of `url` and `headers`. */
  rawHead?(): RawHead
  /**
   * Reads the exact bytes of the body. Rejects with `body_too_large` as soon as there are more than `limitBytes`, with
   * `body_already_read` if a parser read it before, and with `body_aborted` if the upload ended early.
   */
  readBody(limitBytes: number): Promise<Uint8Array>
  /**
   * Returns whether the request has, or had, a body without an announced end. Reading the rest could take for ever, so a
   * refusal closes the connection.
   */
  isOpenEnded(): boolean
  /**
   * Discards the rest of the body of a refused request, up to a number of bytes and a time. Without it the sender may
   * lose the answer, because a connection that is closed with unread bytes is reset. Called instead of `readBody`, or
   * after it. Resolves when the answer may be sent, to whether the connection can stay open. Never rejects. Default:
   * nothing is discarded.
   */
  drainBody?(limitBytes: number): Promise<boolean>
}

/** The head of a request as it came. */
export interface RawHead {
  /** The URL or path that the sender asked for, with its query. */
  readonly url?: string | undefined
  /** Names and values in turn, in their order, as the sender wrote them. */
  readonly rawHeaders: readonly string[]
  /** Where the server took the connection. */
  readonly local?: { readonly address: string; readonly port: number; readonly isEncrypted: boolean } | undefined
}

/** Reads one header by its lower-case name. */
export type HeaderReader = Pick<WebhookRequest, 'header'>

/** Reads the head of a request: its headers, and its query where the adapter knows the URL. */
export type RequestHead = HeaderReader & Pick<WebhookRequest, 'url'>
