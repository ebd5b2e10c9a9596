import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './free-port.js'

/** Stands between a client and a server that others use, too, so that a test can take the server away. */
export class TcpProxy {
  readonly port: number
  /** The server's URL, by way of this proxy. */
  readonly url: string
  readonly #target: { readonly host: string; readonly port: number }
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #isFrozen = false
  #losesNextReply = false

  /** In front of the server of this URL, on a free port; refuses connections until `start`. */
  static async before(url: string): Promise<TcpProxy> {
    return new TcpProxy(await freePort(), new URL(url))
  }

  private constructor(port: number, target: URL) {
    this.port = port
    this.url = Object.assign(new URL(target), { port, hostname: '127.0.0.1' }).href
    this.#target = { host: target.hostname, port: Number(target.port) }
  }

  /** Lets connections through (again). */
  async start(): Promise<this> {
    this.#server = createServer((client) => this.#join(client)).listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  /** Breaks the connections, and refuses new ones. */
  async stop(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  /** Holds everything that is sent, in both directions, until `resume`. */
  freeze(): void {
    this.#isFrozen = true
    for (const socket of this.#sockets) socket.pause()
  }

  /** Lets the connections that are open now die without a word, until `resume`; new ones work. */
  silence(): void {
    for (const socket of this.#sockets) socket.pause()
  }

  resume(): void {
    this.#isFrozen = false
    for (const socket of this.#sockets) socket.resume()
  }

  /** Breaks the connection in place of the server's next answer: the server has done what it was asked. */
  loseNextReply(): void {
    this.#losesNextReply = true
  }

  #join(client: Socket): void {
    const server = connect(this.#target)
    client.on('data', (bytes) => server.write(bytes))
    server.on('data', (bytes) => {
      if (!this.#losesNextReply) return client.write(bytes)
      this.#losesNextReply = false
      return client.destroy()
    })
    this.#tie(client, server)
    this.#tie(server, client)
  }

  #tie(socket: Socket, other: Socket): void {
    this.#sockets.add(socket)
    if (this.#isFrozen) socket.pause()
    // A broken connection is what this is for; `close` follows.
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#sockets.delete(socket)
      other.destroy()
    })
  }
}
