import { BUILT_IN_PROVIDERS } from '../providers/built-in.js'
import { SealError } from '../queue/sealer.js'
import { diagnoseKnown, diagnoseWith } from './diagnose-refusal.js'
import type { EntrySealer } from './entry-sealer.js'
import type { Journal, JournalRefusal } from './journal.js'
import type { JournalParts } from './journal-parts.js'
import type { RefusalRow } from './journal-store.js'
import { openRefusal } from './refusals.js'

/** The methods of a journal about what was refused. */
export function refusalReader({
  rows,
  sealer,
  namespace,
  keepRefusals,
  receivers,
}: JournalParts): Pick<Journal, 'refusals' | 'diagnose'> {
  async function refusals({ limit = 100 }: { readonly limit?: number | undefined } = {}) {
    const opened = await sealer()
    return (await rows.refusals(namespace, limit)).flatMap((row) => openIfPossible(opened, row))
  }

  return {
    refusals,

    async diagnose(id, { secrets, provider } = {}) {
      const row = (await rows.refusals(namespace, Math.max(keepRefusals, 1))).find((kept) => kept.id === id)
      if (row === undefined) return undefined
      const refusal = openRefusal(await sealer(), row)
      if (secrets === undefined) return diagnoseKnown(refusal, receivers, provider)
      const create = provider ?? BUILT_IN_PROVIDERS[row.provider ?? '']
      return create && diagnoseWith(create, secrets, refusal)
    },
  }
}

function openIfPossible(sealer: EntrySealer, row: RefusalRow): readonly JournalRefusal[] {
  try {
    return [openRefusal(sealer, row)]
  } catch (error) {
    if (error instanceof SealError) return []
    throw error
  }
}
