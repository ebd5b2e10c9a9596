import { createInterface } from 'node:readline/promises'
import { EXIT, Failure } from '../failure.js'

/** Asks on the terminal and goes on after a yes. Without a terminal nobody can say yes, and it throws. */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Failure('This needs a terminal, where a person says yes.', EXIT.usage)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} Type yes: `)
  terminal.close()
  if (answer.trim() !== 'yes') throw new Failure('Nothing was done.', EXIT.usage)
}
