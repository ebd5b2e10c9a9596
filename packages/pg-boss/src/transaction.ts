/** A pool of `pg`, by its shape. */
export interface PoolLike {
  connect(): Promise<ClientLike>
}

interface ClientLike {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  release(error?: Error | boolean): void
}

/** Runs `work` in a transaction: all of it becomes true, or nothing. */
export async function transaction(pool: PoolLike, work: (client: ClientLike) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await work(client)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').then(
      () => client.release(),
      // In an unknown state: closing the connection rolls back.
      () => client.release(true),
    )
    throw error
  }
  client.release()
}
