import type { AnswerMode, PassedExchange } from '@mailbox-hooks/inspector'
import { Command, Option } from 'commander'
import { Failure } from '../failure.js'
import { printJson, printLine } from '../listen/print-exchange.js'
import { makeFolder, saveDelivery } from '../listen/save-delivery.js'
import { untilStopped } from '../listen/until-stopped.js'
import type { Output } from '../output/output.js'
import { checkTarget } from '../request/target.js'
import { port, toOption } from './options.js'

interface ListenOptions {
  readonly to: string
  readonly port: number
  readonly inspectorPort: number
  readonly answer: AnswerMode
  readonly save?: string
  readonly json?: true
}

/** `listen`: stands in front of an application, and shows what passes. */
export function listenCommand(output: Output): Command {
  return new Command('listen')
    .description('Stand in front of an application, pass each delivery on as it came, and show it on a page.')
    .addOption(toOption())
    .option('--port <number>', 'where deliveries are sent', port, 4791)
    .option('--inspector-port <number>', 'where the page is', port, 4790)
    .option('--save <folder>', 'keep each delivery as a file that send --body reads')
    .addOption(
      new Option('--answer <how>', 'play a broken application')
        .choices(['application', '500', 'late', 'never'])
        .default('application'),
    )
    .option('--json', 'print a line of JSON for each delivery, and open no page')
    .addHelpText('after', HELP)
    .action((options: ListenOptions) => listen(options, output))
}

const HELP = `
The application need not use these packages. Bytes and headers go on as they came, Host too. Signatures are verified and
explained where a secret is in the environment. With --answer, "500" and "never" keep deliveries from the application, and
"late" holds its answer for 30 s. The files of --save hold credentials and personal data.

Examples:
  $ mailbox-hooks listen --to http://localhost:3000/webhooks
  $ mailbox-hooks listen --to http://localhost:3000/webhooks --json --save ./deliveries`

async function listen(options: ListenOptions, { stdout, stderr }: Output): Promise<void> {
  checkTarget(options.to, false)
  // Only here: the other commands start without it.
  const { openListener } = await import('@mailbox-hooks/inspector')
  const { save } = options
  if (save !== undefined) await makeFolder(save)
  const log = (line: string) => stderr.line(line)
  const onExchange = (exchange: PassedExchange) => {
    if (options.json) printJson(exchange, stdout)
    else printLine(exchange, stdout)
    if (save === undefined) return
    saveDelivery(save, exchange).catch((error: Error) => log(`A delivery was not saved: ${error.message}`))
  }
  const { to, port, answer } = options
  const inspector = options.json ? (false as const) : { port: options.inspectorPort, log }
  const listener = await openListener({ to, port, answer, inspector, onExchange }).catch((error: Error) => {
    throw new Failure(error.message)
  })
  log(`Send deliveries to ${listener.url}. They go on to ${to}.`)
  if (listener.inspector !== undefined) stdout.line(`Inspector: ${listener.inspector.url}`)
  log('Ctrl-C ends it.')
  await untilStopped()
  await listener.close()
}
