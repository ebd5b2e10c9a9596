import pg from 'pg'
import { runName } from './services.js'

/** A schema of one test's own on a shared PostgreSQL, for programs that choose the names of their tables themselves. */
export class PrivateSchema {
  /** Connections by this address find and make their tables in the schema. */
  readonly url: string
  readonly #name: string
  readonly #pool: pg.Pool

  private constructor(url: string, name: string) {
    this.url = url
    this.#name = name
    this.#pool = new pg.Pool({ connectionString: url, max: 1 })
  }

  static async create(serverUrl: string): Promise<PrivateSchema> {
    const name = runName()
    const url = new URL(serverUrl)
    url.searchParams.set('options', `-c search_path=${name}`)
    const schema = new PrivateSchema(url.href, name)
    await schema.rows(`CREATE SCHEMA ${name}`)
    return schema
  }

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.#pool.query(sql)).rows
  }

  async drop(): Promise<void> {
    await this.rows(`DROP SCHEMA ${this.#name} CASCADE`)
    await this.#pool.end()
  }
}
