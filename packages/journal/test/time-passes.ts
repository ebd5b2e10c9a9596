/** Columns that hold times, by the end of the table's name. */
const TIMES: Readonly<Record<string, readonly string[]>> = {
  '': ['first_received_at', 'last_received_at', 'due_at', 'lease_until', 'run_started_at'],
  _about: ['first_received_at'],
  _attempts: ['ended_at'],
  _refusals: ['added_at'],
}

/** Tables that a test empties. */
export const TABLES: readonly string[] = ['', '_content', '_about', '_attempts', '_refusals']

/**
 * The statements after which all that a journal holds is older by so many milliseconds, as if they had passed: nobody
 * needs to wait for a lease to end.
 */
export const timePasses = (table: string, ms: number): string[] =>
  Object.entries(TIMES).map(
    ([suffix, columns]) =>
      `UPDATE ${table}${suffix} SET ${columns.map((name) => `${name} = ${name} - ${ms}`).join(', ')}`,
  )
