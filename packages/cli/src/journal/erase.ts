import type { Journal } from '@mailbox-hooks/core'
import { printableJson } from '@mailbox-hooks/core/queue'
import { Failure } from '../failure.js'
import type { Output } from '../output/output.js'
import { confirm } from './confirm.js'

export interface EraseOptions {
  readonly id?: string
  readonly about?: string
  readonly yes?: true
  readonly json?: true
}

/** `journal erase`: deletes what the journal knows of an id, or of everything about an address or id. */
export async function erase(
  journal: Journal,
  { id, about, yes, json }: EraseOptions,
  { stdout }: Output,
): Promise<void> {
  if ((id === undefined) === (about === undefined)) throw new Failure('Pass either --id or --about.')
  if (!yes) await confirm('This deletes entries for good.')
  const erased = await journal.erase(id === undefined ? { about: about ?? '' } : { id })
  stdout.line(json ? printableJson({ erased }) : `${erased} ${erased === 1 ? 'entry' : 'entries'} erased.`)
}
