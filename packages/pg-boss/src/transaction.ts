/** The methods used of a pool of `pg`. */
export interface PoolLike {
  connect(): Promise<ClientLike>
}

interface ClientLike {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  release(error?: Error | boolean): void
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
}

/** Runs `work` in a transaction. */
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
      // The state is unknown, and closing the connection rolls back.
      () => release(true),
    )
    throw error
  }
  release(false)
}

/**
 * Ignores the `error` event of a lost connection, because the next statement fails anyway. Without a listener the event
 * would end the process, and a pool listens only to idle connections.
 */
const noticedLater = () => {}
