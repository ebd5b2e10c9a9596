import { Command } from 'commander'
import { Failure } from '../failure.js'
import { loadJournal } from '../journal/load-journal.js'
import { untilStopped } from '../listen/until-stopped.js'
import type { Output } from '../output/output.js'
import { port } from './options.js'

interface InspectOptions {
  readonly journal?: string
  readonly port: number
  readonly to?: string
}

/** `inspect`: opens the page on a stored journal. */
export function inspectCommand(output: Output): Command {
  return new Command('inspect')
    .description('Open a page that shows a journal, and says why deliveries were refused.')
    .option('--journal <file>', 'a module whose default export is the journal')
    .option('--port <number>', 'where the page is', port, 4790)
    .option('--to <url>', 'where the receiver takes replays and samples, e.g. http://localhost:3000/webhooks')
    .addHelpText('after', HELP)
    .action((options: InspectOptions) => inspect(options, output))
}

const HELP = `
Secrets are read from the environment, to explain refusals and to sign replays and samples.

Example:
  $ mailbox-hooks inspect --journal ./journal.mjs --to http://localhost:3000/webhooks`

async function inspect({ journal: file, port, to }: InspectOptions, { stdout, stderr }: Output): Promise<void> {
  const journal = await loadJournal(file)
  const { openInspector } = await import('@mailbox-hooks/inspector')
  const log = (line: string) => stderr.line(line)
  const inspector = await openInspector({ journal, port, target: to, log }).catch((error: Error) => {
    throw new Failure(error.message)
  })
  stdout.line(`Inspector: ${inspector.url}`)
  log('Ctrl-C ends it.')
  await untilStopped()
  await inspector.close()
}
