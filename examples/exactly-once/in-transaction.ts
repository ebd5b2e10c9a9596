import type { Pool, PoolClient } from 'pg'

/** Runs `act` in a transaction: commits when it resolves, rolls back and rethrows when it throws. */
export async function inTransaction(pool: Pool, act: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await act(client)
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    // Closed, not given back: the server rolls back what was open, even where a ROLLBACK could not be sent.
    client.release(true)
    throw error
  }
}
