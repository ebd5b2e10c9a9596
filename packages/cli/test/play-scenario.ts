import { run } from './cli.js'

/** A row of the table that the command prints. */
export interface Row {
  readonly scenario: string
  readonly event: string
  readonly label: string
  readonly as: string
  readonly right: boolean
  readonly reason?: string
}

/** Plays scenarios to a receiver. */
export async function judge(to: string, ...args: string[]) {
  const { code, stdout, stderr } = await run(['scenario', ...args, '--to', to, '--json'])
  const result: { right: number; wrong: number; tellsDuplicates: boolean; rows: Row[] } = JSON.parse(stdout)
  return { code, stderr, ...result, wrongRows: result.rows.filter(({ right }) => !right) }
}
