import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Resolves to the port of a server once it listens. */
export async function listening(server: Server): Promise<number> {
  await once(server, 'listening')
  // It listens on a port, not on a pipe.
  return (server.address() as AddressInfo).port
}
