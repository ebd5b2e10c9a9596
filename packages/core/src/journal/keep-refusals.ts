import { diagnose } from '../diagnose/diagnose.js'
import { BUILT_IN_PROVIDERS } from '../providers/built-in.js'
import type { Journal } from './journal.js'
import type { JournalParts } from './journal-parts.js'
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
    const kept = await rows.refusals(namespace, limit)
    return kept.filter(({ keyId }) => opened.keyIds.includes(keyId)).map((row) => openRefusal(opened, row))
  }

  return {
    refusals,

    async diagnose(id, { secrets, provider }) {
      const refusal = (await refusals({ limit: Math.max(keepRefusals, 1) })).find((kept) => kept.id === id)
      const create = provider ?? BUILT_IN_PROVIDERS[refusal?.provider ?? '']
      if (refusal === undefined || create === undefined) return undefined
      const { headers, body = new Uint8Array(), at } = refusal
      return diagnose({ provider: create, secrets, headers, body, now: at.getTime() })
    },
  }
}
