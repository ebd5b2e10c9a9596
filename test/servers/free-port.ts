import { once } from 'node:events'
import { createServer } from 'node:net'

/** Systems take the ports of outgoing connections from 32768 on. A program that starts later would find such a port taken. */
const FIRST = 20_000
const COUNT = 12_000

/** Returns a loopback port on which nothing listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    const server = createServer()
    try {
      // All addresses: some of the programs listen on more than loopback.
      server.listen(port)
      await once(server, 'listening')
      server.close()
      await once(server, 'close')
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}
