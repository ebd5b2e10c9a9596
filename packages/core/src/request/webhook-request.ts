/**
 * What the receiver needs to know of a request; each adapter makes one of its framework's own.
 */
export interface WebhookRequest {
  readonly method: string
  /**
   * The value of a header by its lower-case name. Repeated headers arrive as one value joined by commas, as HTTP
   * allows any hop to do.
   */
  header(name: string): string | undefined
  /**
   * The exact bytes of the body. Rejects with `body_too_large` as soon as there are more than `limitBytes`, with
   * `body_already_read` when a parser was first, with `body_aborted` when the upload is cut off.
   */
  readBody(limitBytes: number): Promise<Uint8Array>
  /** Whether a body is still on its way whose end was not announced: reading on could take for ever. */
  isOpenEnded(): boolean
}

/** Reads one header by its lower-case name. */
export type HeaderReader = Pick<WebhookRequest, 'header'>
