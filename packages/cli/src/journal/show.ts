import type { Journal } from '@mailbox-hooks/core'
import { printableJson } from '@mailbox-hooks/core/queue'
import { EXIT, Failure } from '../failure.js'
import type { Output } from '../output/output.js'
import { printable } from '../output/printable.js'
import { confirm } from './confirm.js'
import { printEntry } from './print-entries.js'

export interface ShowOptions {
  readonly reveal?: true
  readonly json?: true
}

/** `journal show`: one entry, its attempts and its payload, in which credentials are masked. */
export async function show(
  journal: Journal,
  id: string,
  { reveal, json }: ShowOptions,
  { stdout }: Output,
): Promise<void> {
  const [entry, delivery] = [await journal.entry(id), await journal.open(id)]
  if (entry === undefined || delivery === undefined) throw new Failure(`The journal has no entry ${id}.`, EXIT.wrong)
  if (reveal) await confirm('This prints passwords and tokens.')
  // Printing a delivery masks its credentials; the payload itself is the data.
  const printed = JSON.parse(JSON.stringify(delivery)) as { readonly event: { readonly payload: unknown } }
  const payload: unknown = reveal ? delivery.event.payload : printed.event.payload
  if (json) return stdout.line(printableJson({ ...entry, payload }, 2))
  printEntry(stdout, entry)
  stdout.line()
  for (const line of JSON.stringify(payload, null, 2).split('\n')) stdout.line(indented(line))
}

function indented(line: string): string {
  const text = line.trimStart()
  return `  ${' '.repeat(line.length - text.length)}${printable(text, [])}`
}
