/**
 * A failure of a store's database that the store knows, with what the operator may look into. `advice` is printed, so it
 * tells nothing of the delivery. Message and code are those of the cause.
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
