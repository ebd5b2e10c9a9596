/** The methods used of pg-boss to read and put back the jobs that it has given up. */
export interface DeadLetterBossLike {
  getDb(): SqlLike
  getJobById(queue: string, id: string, options: { db: SqlLike; includeArchive: boolean }): Promise<unknown>
  send(queue: string, data: object, options: { id: string }): Promise<string | null>
  deleteJob(queue: string, id: string): Promise<unknown>
}

interface SqlLike {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/** A queue of pg-boss: the instance, and the queue's name. */
export interface PgBossQueue {
  readonly boss: DeadLetterBossLike
  readonly queue: string
}

const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Reads and writes the table of jobs, which is alike in pg-boss 10 to 12. */
export class JobTable {
  readonly #boss: DeadLetterBossLike
  readonly #schema: string
  /** Whether there is the archive of pg-boss 10, to which failed jobs move after 12 hours. */
  readonly hasArchive: boolean

  private constructor(boss: DeadLetterBossLike, schema: string, hasArchive: boolean) {
    this.#boss = boss
    this.#schema = schema
    this.hasArchive = hasArchive
  }

  static async open(boss: DeadLetterBossLike, queue: string): Promise<JobTable> {
    const schema = await schemaOf(boss, queue)
    const { rows } = await boss.getDb().executeSql('SELECT to_regclass($1) IS NOT NULL AS found', [`${schema}.archive`])
    return new JobTable(boss, schema, (rows[0] as { found: boolean }).found)
  }

  /** Runs a statement. `$job`, `$archive` and `$queue` stand for the tables. */
  async rows<Row>(text: string, values: unknown[]): Promise<readonly Row[]> {
    const sql = text.replace(/\$(job|archive|queue)\b/g, `${this.#schema}.$1`)
    const { rows } = await this.#boss.getDb().executeSql(sql, values)
    // As the statement selects them.
    return rows as Row[]
  }
}

/** pg-boss does not say its schema, so it is read from a statement that pg-boss makes. */
async function schemaOf(boss: DeadLetterBossLike, queue: string): Promise<string> {
  const statements: string[] = []
  const executeSql = async (text: string) => {
    statements.push(text)
    return { rows: [] }
  }
  await boss.getJobById(queue, NOBODY, { db: { executeSql }, includeArchive: false })
  const [, schema] = /\bFROM\s+("(?:[^"]|"")+"|[\w$]+)\./i.exec(statements.join('\n')) ?? []
  if (schema === undefined) throw new Error('The schema of pg-boss cannot be found. Is this version 10 to 12?')
  return schema
}

/** Returns the instance and the queue's name. Throws a `TypeError`, which begins with `owner`, if one is missing. */
export function checkQueue(owner: string, boss: DeadLetterBossLike, queue: string): void {
  if (typeof boss?.getDb !== 'function' || typeof boss.getJobById !== 'function') {
    throw new TypeError(`${owner}: pass the instance of pg-boss`)
  }
  if (typeof queue !== 'string' || queue === '') throw new TypeError(`${owner}: pass the name of the queue`)
}

/** The condition for a job that was given up: failed, or waiting in a dead letter queue. `$1` is the queue. */
export const IS_DEAD = `name = $1 AND (state = 'failed'
  OR state < 'active' AND EXISTS (SELECT 1 FROM $queue q WHERE q.dead_letter = $1))`
