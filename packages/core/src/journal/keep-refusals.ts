import { diagnose } from '../diagnose/diagnose.js'
import { BUILT_IN_PROVIDERS } from '../providers/built-in.js'
import { SealError } from '../queue/sealer.js'
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
}: JournalParts): Pick<Journal, 'refusals' | 'diagnose'> {
  async function refusals({ limit = 100 }: { readonly limit?: number | undefined } = {}) {
    const opened = await sealer()
    return (await rows.refusals(namespace, limit)).flatMap((row) => openIfPossible(opened, row))
  }

  return {
    refusals,

    async diagnose(id, { secrets, provider }) {
      const row = (await rows.refusals(namespace, Math.max(keepRefusals, 1))).find((kept) => kept.id === id)
      const create = provider ?? BUILT_IN_PROVIDERS[row?.provider ?? '']
      if (row === undefined || create === undefined) return undefined
      const refusal = openRefusal(await sealer(), row)
      const { headers, body = new Uint8Array(), at } = refusal
      return diagnose({ provider: create, secrets, headers, body, now: at.getTime() })
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
