import type { Pool, PoolClient } from 'pg'

/** How a statement comes to the server, if it does. */
type Send = () => Promise<unknown>

/** The pool, but that `trouble` comes between one of the transaction's own statements and the server. */
function troubled(pool: Pool, statement: string, trouble: (send: Send, client: PoolClient) => Promise<unknown>) {
  return {
    connect: async () => {
      const client = await pool.connect()
      const query = (text: string, values?: unknown[]) => {
        const send = () => client.query(text, values)
        return text === statement ? trouble(send, client) : send()
      }
      const release = (error?: boolean) => client.release(error)
      return { query, release, on: client.on.bind(client), off: client.off.bind(client) } as unknown as PoolClient
    },
  } as unknown as Pool
}

/** The connection breaks when it comes to this statement. */
export const brokenAt = (pool: Pool, statement: string) =>
  troubled(pool, statement, async (send, client) => {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
    const isLost = new Promise((resolve) => client.once('end', resolve))
    await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
    // Its error has come by then: where nobody listens to that, vitest fails the run.
    await isLost
    return send()
  })

/** The connection breaks after this statement, before the server's answer to it has come. */
export const brokenAfter = (pool: Pool, statement: string) =>
  troubled(pool, statement, async (send) => {
    await send()
    throw new Error('Connection terminated unexpectedly')
  })

/** The connection stands still before this statement; `goOn` lets it go on, and resolves when the transaction has ended. */
export function heldAt(pool: Pool, statement: string) {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  let ended = () => {}
  const end = new Promise<void>((resolve) => {
    ended = resolve
  })
  const slow = troubled(pool, statement, (send) => held.then(send))
  return {
    pool: {
      connect: async () => {
        const client = await slow.connect()
        const release = client.release
        return Object.assign(client, {
          release: (error?: boolean) => {
            release(error)
            ended()
          },
        })
      },
    } as unknown as Pool,
    goOn: () => {
      goOn()
      return end
    },
  }
}
