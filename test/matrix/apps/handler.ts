import { openMail } from '@mailbox-hooks/core'
import { SECRET } from '../secret.js'

/** The options of each application. */
export const createOptions = () => ({ providers: [openMail({ secrets: [SECRET] })] })

const runs = new Map<string, number>()

interface Mail {
  /** The deduplication key. */
  readonly id: string
  readonly event: { readonly payload: unknown }
}

/** Does what the subject of a mail says. Returns how often it has run for the event. */
export async function handle({ id, event }: Mail): Promise<{ runs: number }> {
  const { message } = event.payload as { message: { subject: string } } // The receiver has checked it.
  const count = (runs.get(id) ?? 0) + 1
  runs.set(id, count)
  if (message.subject === 'slowly') await new Promise((resolve) => setTimeout(resolve, 300))
  if (message.subject === 'fail once' && count === 1) throw new Error('The handler fails, as it was told')
  return { runs: count }
}
