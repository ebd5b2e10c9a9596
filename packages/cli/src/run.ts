import { Command, CommanderError } from 'commander'
import { PROVIDERS } from './catalog/providers.js'
import { eventsCommand } from './commands/events.js'
import { explainCommand } from './commands/explain.js'
import { inspectCommand } from './commands/inspect.js'
import { journalCommand } from './commands/journal.js'
import { listenCommand } from './commands/listen.js'
import { scenarioCommand } from './commands/scenario.js'
import { sendCommand } from './commands/send.js'
import { EXIT, Failure } from './failure.js'
import { hiddenSecrets } from './output/hidden-secrets.js'
import type { Output } from './output/output.js'
import { printable } from './output/printable.js'
import { readVersion } from './version.js'

/** Runs the program and resolves to its exit code. Prints failures on stderr, without a stack trace. */
export async function run(argv: readonly string[], output: Output): Promise<number> {
  let exitCode: number = EXIT.ok
  const finish = (code: number) => {
    exitCode = code
  }
  try {
    await createProgram(output, finish).parseAsync(argv)
    return exitCode
  } catch (error) {
    // Commander has already printed the help, or the fault of the options.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    return printFailure(error, argv, output)
  }
}

/** Prints the message of a failure on one line, without control characters and secrets. Returns the exit code. */
export function printFailure(error: unknown, argv: readonly string[], { stderr }: Output): number {
  stderr.line(`${stderr.style('red', 'error:')} ${printable(messageOf(error), hiddenSecrets(argv, process.env))}`)
  return error instanceof Failure ? error.exitCode : EXIT.usage
}

function createProgram(output: Output, finish: (exitCode: number) => void): Command {
  const program = new Command('mailbox-hooks')
    .description(
      `Plays ${sentence(PROVIDERS.map(({ title }) => title))}, or a provider of your own, against a webhook receiver.`,
    )
    .version(readVersion(), '-V, --version', 'print the version')
    .configureOutput({
      writeOut: output.stdout.raw,
      writeErr: output.stderr.raw,
      outputError: (message) => output.stderr.line(message.replace(VALUE_OF_UNKNOWN, '$1').trimEnd()),
    })
    .exitOverride()
    .addHelpText('after', PROGRAM_HELP)
  const commands = [
    eventsCommand(output),
    sendCommand(output, finish),
    scenarioCommand(output, finish),
    explainCommand(output),
    journalCommand(output, finish),
    listenCommand(output),
    inspectCommand(output),
  ]
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program))
  return program
}

function sentence(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** Matches the value of an unknown option such as `--secrt=…`, which commander prints as given. */
const VALUE_OF_UNKNOWN = /(unknown option '--[^=']*)=.*(?=')/s

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error)
  } catch {
    return 'Something without a text was thrown.'
  }
}

const PROGRAM_HELP = `
Secrets are read from ${sentence(PROVIDERS.map(({ variable }) => variable))},
and for a provider of your own from <NAME>_WEBHOOK_SECRET.

Exit codes: 0 all is well, 1 the receiver did not answer as it should, 2 the command is wrong, 3 no answer.

Examples:
  $ mailbox-hooks events
  $ mailbox-hooks send mailbox.created --to http://localhost:3000/webhooks
  $ mailbox-hooks scenario --to http://localhost:3000/webhooks`
