/**
 * A database failure that the store recognises, with advice for the operator. `advice` is printed, so it must contain
 * nothing of the delivery. Message and code are those of the cause.
 */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
  readonly code: unknown
  readonly advice: string

  constructor(cause: unknown, advice: string) {
    const { message, code } = Object(cause)
    super(String(message), { cause })
    this.code = code
    this.advice = advice
  }
}
