import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface LoadOptions {
  readonly port: number
  readonly connections: number
  /** The requests, as they go over the wire; undefined ends the load. */
  readonly next: () => Buffer | undefined
  /** Whether the answer to a request is one of those to be expected; another one ends the load. */
  readonly accepts: (status: number, request: Buffer) => boolean
}

/** Sends requests over connections that stay open, one at a time on each; resolves to how many were answered. */
export async function load({ port, connections, next, accepts }: LoadOptions): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const counts = await Promise.all(sockets.map((socket) => sendAll(socket, next, accepts)))
  for (const socket of sockets) socket.destroy()
  return counts.reduce((sum, count) => sum + count, 0)
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

/** A client of `node:http` would take more of the machine than the server that is measured. */
function sendAll(socket: Socket, next: LoadOptions['next'], accepts: LoadOptions['accepts']): Promise<number> {
  return new Promise((resolve, reject) => {
    let answered = 0
    let received = ''
    let request: Buffer | undefined
    const send = () => {
      request = next()
      if (request === undefined) return resolve(answered)
      socket.write(request)
    }
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      received += text
      if (!isWhole(received)) return
      const status = Number(received.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
      if (request === undefined || !accepts(status, request)) return reject(new Error(`Unexpected answer: ${received}`))
      received = ''
      answered++
      send()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('The server closed the connection')))
    send()
  })
}

function isWhole(received: string): boolean {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /content-length: (\d+)/i.exec(received)?.[1]
  if (length === undefined) throw new Error(`An answer without content-length: ${received}`)
  return received.length >= end + 4 + Number(length)
}
