/** What is the matter with a delivery, one code each. */
export type DiagnosisCode =
  // Nothing
  | 'accepted'
  // The headers
  | 'signature_missing'
  | 'signature_malformed'
  | 'signature_repeated'
  | 'signature_encoding'
  | 'signature_prefix'
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

/** Why a delivery is refused. It holds no secret, no signature and nothing of the payload. */
export interface Diagnosis {
  /**
   * - `'accepted'`: nothing is wrong with the signature or the time.
   * - `'explained'`: `code` names the one thing to change, after which the delivery is accepted, or what is missing
   *   for it to be looked at further.
   * - `'unexplained'`: the signature is wrong, and no mistake that is known here explains it.
   */
  readonly verdict: 'accepted' | 'explained' | 'unexplained'
  readonly code: DiagnosisCode
  /** What was found, in a sentence. */
  readonly message: string
  /** What to do about it. */
  readonly advice?: string
  /** What the signature turned out to be made of, e.g. `timestamp.body/hex`, where it fits as it is. */
  readonly reading?: string
  /** What the delivery says about when it was sent, where it says so. */
  readonly clock?: ClockReading
}

/** When a delivery was sent, seen from the receiver's clock. */
export interface ClockReading {
  readonly sentAt: Date
  /** How long before the receiver's time that is; negative when it lies ahead. */
  readonly ageMs: number
  /** Whether the provider's window takes it. */
  readonly isWithinWindow: boolean
}

/** The one thing that is changed to see whether the signature fits then, and what it means if it does. */
export interface Change {
  readonly code: DiagnosisCode
  readonly message: string
  readonly advice: string
  /** In place of the configured secrets. */
  readonly secret?: Uint8Array
  /** In place of the body that arrived. */
  readonly body?: Uint8Array
  /** In place of the signature header's value. */
  readonly signature?: string
  /** In place of the timestamp header's value. */
  readonly timestamp?: string
  /** An HMAC over this text and the body, in place of what the provider signs. */
  readonly signedBefore?: string
}
