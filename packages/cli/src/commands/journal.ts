import type { Journal } from '@mailbox-hooks/core'
import { Command } from 'commander'
import { type EraseOptions, erase } from '../journal/erase.js'
import { withFilter } from '../journal/filter-options.js'
import { type FindOptions, find } from '../journal/find.js'
import { loadJournal } from '../journal/load-journal.js'
import { type ReplayOptions, replay } from '../journal/replay.js'
import { type ShowOptions, show } from '../journal/show.js'
import { stats } from '../journal/stats.js'
import type { Output } from '../output/output.js'

/** `journal`: what came, what became of it, and back again. */
export function journalCommand(output: Output, finish: (exitCode: number) => void): Command {
  const subcommand = (name: string, description: string) =>
    new Command(name)
      .description(description)
      .option('--journal <file>', 'a module whose default export is the journal')
      .option('--json', 'print JSON')

  const finding = withFilter(subcommand('find', 'Find entries, the newest first.'))
    .option('--limit <number>', 'the most entries, up to 1000', '50')
    .option('--after <position>', 'the next page')
    .action(withJournal((journal, options: FindOptions) => find(journal, options, output)))

  const showing = subcommand('show', 'Show an entry, its attempts and its payload, with credentials masked.')
    .argument('<id>', 'e.g. openmail:evt_1')
    .option('--reveal', 'show credentials, after a yes on the terminal')
    .action((id: string, options: ShowOptions & WithJournal) =>
      withJournal((journal, given: ShowOptions) => show(journal, id, given, output))(options),
    )

  const replaying = withFilter(subcommand('replay', 'Ask a receiver to run entries again, oldest first.'))
    .argument('[id...]', 'the entries; without ids and state, those that failed or are dead')
    .option('--to <url>', 'where the receiver takes deliveries')
    .option('--allow-remote', 'send to other machines, too')
    .action((ids: string[], options: ReplayOptions & WithJournal) =>
      withJournal(async (journal, given: ReplayOptions) => finish(await replay(journal, ids, given, output)))(options),
    )

  const counting = subcommand('stats', 'Count entries by state, and say when each provider was last heard of.').action(
    withJournal((journal, options: { json?: true }) => stats(journal, options, output)),
  )

  const erasing = subcommand('erase', 'Delete what the journal knows of an id, or of an address.')
    .option('--id <id>', 'the entry')
    .option('--about <text>', 'an address, a domain, or an id that entries are about')
    .option('--yes', 'do not ask')
    .action(withJournal((journal, options: EraseOptions) => erase(journal, options, output)))

  const command = new Command('journal').description('Look into a journal: find, show, replay, stats, erase.')
  command.addHelpText('after', HELP)
  for (const one of [finding, showing, replaying, counting, erasing]) {
    command.addCommand(one.copyInheritedSettings(command))
  }
  return command
}

interface WithJournal {
  readonly journal?: string
}

/** Loads the journal that the options name, and then acts. */
const withJournal =
  <Options>(act: (journal: Journal, options: Options) => Promise<void>) =>
  async (options: Options & WithJournal): Promise<void> =>
    act(await loadJournal(options.journal), options)

const HELP = `
The module exports the journal, so that no address or key of a database stands in the command:

  // journal.mjs
  import { sqliteJournal } from '@mailbox-hooks/journal'
  import Database from 'better-sqlite3'
  export default sqliteJournal(new Database('webhooks.db'), { sealingKeys: [process.env.JOURNAL_KEY] })

Examples:
  $ mailbox-hooks journal find --journal ./journal.mjs --about john@x.com --type mailbox.created
  $ mailbox-hooks journal show openmail:evt_1 --journal ./journal.mjs
  $ mailbox-hooks journal replay --journal ./journal.mjs --state failed --since 2h --to http://localhost:3000/webhooks`
