import type { Pool, PoolClient } from 'pg'

/** Runs `act` in a transaction. Commits if it resolves; rolls back and rethrows if it throws. */
export async function inTransaction(pool: Pool, act: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await act(client)
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    // Close the connection instead of reusing it. The server then rolls back, even if a ROLLBACK could not be sent.
    client.release(true)
    throw error
  }
}
