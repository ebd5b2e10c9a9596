/** What the process exits with; the help of the program tells them to the user. */
export const EXIT = {
  /** Done, and the receiver did as it should. */
  ok: 0,
  /** The receiver answered, but not as it should. */
  wrong: 1,
  /** The command cannot be carried out as it was given. */
  usage: 2,
  /** The receiver did not answer. */
  unreachable: 3,
} as const

/** An end of the program that the user can do something about: a message, and no stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: number

  constructor(message: string, exitCode: number = EXIT.usage) {
    super(message)
    this.exitCode = exitCode
  }
}
