import type { EntryState, Journal } from '@mailbox-hooks/core'
import { printableJson } from '@mailbox-hooks/core/queue'
import type { Output } from '../output/output.js'
import { printTable } from '../output/table.js'
import { time } from './print-entries.js'

const STATES: readonly EntryState[] = ['handled', 'received', 'queued', 'failed', 'dead']

/** `journal stats`: how many entries there are in each state, and when each provider was last heard of. */
export async function stats(
  journal: Journal,
  { json }: { readonly json?: true },
  { stdout, stderr }: Output,
): Promise<void> {
  const { providers } = await journal.stats()
  if (json) return stdout.line(printableJson({ providers }, 2))
  if (providers.length === 0) return stderr.line('The journal is empty.')
  const rows = providers.map(({ provider, account, states, lastReceivedAt }) => [
    account === undefined ? provider : `${provider}@${account}`,
    ...STATES.map((state) => String(states[state])),
    time(lastReceivedAt),
  ])
  printTable(stdout, ['provider', ...STATES, 'last heard of'], rows)
}
