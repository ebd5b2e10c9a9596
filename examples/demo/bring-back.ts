import type { startReceiver } from './receiver.ts'

/** Shows what an operator does after a bug: find what failed, mend the handler, replay. Returns how many are handled. */
export async function bringBack({
  journal,
  mend,
}: Pick<Awaited<ReturnType<typeof startReceiver>>, 'journal' | 'mend'>): Promise<number> {
  console.log('A bug failed two events. journal.find({ about: "ada@example.com", state: "failed" }) knows them:\n')
  const { entries } = await journal.find({ about: 'ada@example.com', state: 'failed' })
  for (const { type, state, firstReceivedAt, attempts } of entries) {
    const { status, error } = attempts.at(-1) ?? {}
    console.log(`  ${firstReceivedAt.toISOString()}  ${type}  ${state}  ${status}  ${error?.name}: ${error?.message}`)
  }
  mend()
  const result = await journal.replay({ state: 'failed' }, { 'inbox.reactivated': async () => {} })
  console.log('\nThe handler is mended, and journal.replay({ state: "failed" }, handler) brings them back:\n')
  console.log(' ', result, '\n')
  return result.handled
}
