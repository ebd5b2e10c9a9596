import type { EntryRow, JournalStore } from '@mailbox-hooks/core/journal'

/** The format that this version writes, and that of the version after it. */
const [PRESENT, NEXT] = [2, 3]

/** The rows as the next version writes and reads them: in a format that this one does not know. */
export function nextFormat(rows: JournalStore): JournalStore {
  const read = <Row extends EntryRow>(row: Row): Row => ({ ...row, format: PRESENT })
  return Object.assign(Object.create(rows) as JournalStore, {
    ...bound(rows),
    begin: (entry) => rows.begin({ ...entry, sealed: { ...entry.sealed, format: NEXT } }),
    take: async (taking) => (await rows.take({ ...taking, maxFormat: NEXT })).map(read),
    rerun: async (given) => {
      const answer = await rows.rerun({ ...given, maxFormat: NEXT })
      return answer.status === 'begun' ? { ...answer, row: read(answer.row) } : answer
    },
    find: async (query) => (await rows.find(query)).map(read),
    read: async (...args) => {
      const row = await rows.read(...args)
      return row && read(row)
    },
  } satisfies Partial<JournalStore>)
}

/** Its other methods, which are on its prototype. */
const bound = (rows: JournalStore): Partial<JournalStore> =>
  Object.fromEntries(
    (['migrate', 'journalId', 'extend', 'finish', 'finishWithin', 'isHandled', 'note', 'stats'] as const).map(
      (name) => [name, (rows[name] as (...args: never[]) => unknown).bind(rows)],
    ),
  )
