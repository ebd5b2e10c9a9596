/** A pool of `pg`, by its shape. */
export interface PoolLike {
  connect(): Promise<ClientLike>
}

interface ClientLike {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  release(error?: Error | boolean): void
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
}

/** Runs `work` in a transaction: all of it becomes true, or nothing. */
export async function transaction(pool: PoolLike, work: (client: ClientLike) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  client.on('error', noticedLater)
  const release = (isBroken: boolean) => {
    client.off('error', noticedLater)
    client.release(isBroken)
  }
  try {
    await client.query('BEGIN')
    await work(client)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').then(
      () => release(false),
      // In an unknown state: closing the connection rolls back.
      () => release(true),
    )
    throw error
  }
  release(false)
}

/**
 * When a connection is lost between two statements, the next one says so. Its `error` would end the process if nobody
 * listened, and a pool listens to its idle connections only.
 */
const noticedLater = () => {}
