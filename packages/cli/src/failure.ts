/** The exit codes of the process, as its help lists them. */
export const EXIT = {
  /** Success. */
  ok: 0,
  /** The receiver gave a wrong answer. */
  wrong: 1,
  /** The command is invalid. */
  usage: 2,
  /** The receiver did not answer. */
  unreachable: 3,
} as const

/** A failure that the user can fix. It is printed as a message without a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: number

  constructor(message: string, exitCode: number = EXIT.usage) {
    super(message)
    this.exitCode = exitCode
  }
}
