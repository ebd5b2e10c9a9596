/** The fault of a delivery. */
export type DiagnosisCode =
  // Nothing
  | 'accepted'
  // The headers
  | 'signature_missing'
  | 'headers_incomplete'
  | 'signature_malformed'
  | 'signature_repeated'
  | 'signature_encoding'
  | 'signature_prefix'
  | 'signature_algorithm'
  | 'timestamp_malformed'
  | 'timestamp_unit'
  | 'clock_skew'
  // The secret
  | 'secret_missing'
  | 'secret_white_space'
  | 'secret_quoted'
  | 'secret_encoded'
  | 'secret_of_another_provider'
  // The body
  | 'body_missing'
  | 'body_reserialized'
  | 'body_white_space'
  | 'body_line_endings'
  | 'body_byte_order_mark'
  | 'body_charset'
  // What was signed
  | 'signed_content'
  | 'none_fits'

/** The reason why a delivery is refused. It contains no secret, no signature and nothing of the payload. */
export interface Diagnosis {
  /**
   * - `'accepted'`: nothing is wrong with the signature or the time.
   * - `'explained'`: `code` names the one change after which the delivery is accepted, or the missing part without which
   *   it cannot be examined.
   * - `'unexplained'`: the signature is wrong, and no known mistake explains it.
   */
  readonly verdict: 'accepted' | 'explained' | 'unexplained'
  readonly code: DiagnosisCode
  /** Describes the fault in a sentence. */
  readonly message: string
  /** Says how to fix it. */
  readonly advice?: string
  /** The reading that matched, e.g. `timestamp.body/hex`, if the signature matches unchanged. */
  readonly reading?: string
  /** The timestamp of the delivery, if it has one. */
  readonly clock?: ClockReading
}

/** The timestamp of a delivery, compared with the receiver's clock. */
export interface ClockReading {
  readonly sentAt: Date
  /** The age in milliseconds. Negative if the timestamp is ahead of the clock. */
  readonly ageMs: number
  /** Whether the timestamp is within the provider's window. */
  readonly isWithinWindow: boolean
}

/** One change to test, and the diagnosis if the signature then matches. */
export interface Change {
  readonly code: DiagnosisCode
  readonly message: string
  readonly advice: string
  /** Replaces the configured secrets. */
  readonly secret?: Uint8Array
  /** Replaces the received body. */
  readonly body?: Uint8Array
  /** Replaces the value of the signature header. */
  readonly signature?: string
  /** Replaces the value of the timestamp header. */
  readonly timestamp?: string
  /** Replaces the provider's signed content by this text and the body. */
  readonly signedBefore?: string
}
