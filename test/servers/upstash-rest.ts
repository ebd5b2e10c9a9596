import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { Redis } from 'ioredis'

type Command = readonly [name: string, ...args: (string | number)[]]

interface Reply {
  readonly result?: unknown
  readonly error?: string
}

/** Speaks Upstash's REST protocol in front of a Redis server: one command, a pipeline, or a transaction in a request. */
export class UpstashRest {
  readonly token = 'upstash-rest-token'
  /** The commands of each request, in order. */
  readonly requests: (readonly string[])[] = []
  readonly #redis: Redis
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  static async before(redisUrl: string): Promise<UpstashRest> {
    const rest = new UpstashRest(redisUrl)
    rest.#server.listen(0, '127.0.0.1')
    await once(rest.#server, 'listening')
    return rest
  }

  private constructor(redisUrl: string) {
    this.#redis = new Redis(redisUrl)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await this.#redis.quit()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, replies: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(replies))
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      return void send(401, { error: 'WRONGPASS invalid or missing auth token' })
    }
    const body = (await json(request)) as Command | readonly Command[]
    const encode = request.headers['upstash-encoding'] === 'base64' ? base64 : (reply: unknown) => reply
    if (request.url === '/') {
      const { result, error } = (await this.#run([body as Command]))[0] ?? {}
      return void (error === undefined ? send(200, { result: encode(result) }) : send(400, { error }))
    }
    const isTransaction = request.url === '/multi-exec'
    const replies = await this.#run(body as readonly Command[], isTransaction)
    send(
      200,
      replies.map(({ result, error }) => (error === undefined ? { result: encode(result) } : { error })),
    )
  }

  async #run(commands: readonly Command[], isTransaction = false): Promise<Reply[]> {
    this.requests.push(commands.map(([name]) => name.toLowerCase()))
    const batch = isTransaction ? this.#redis.multi() : this.#redis.pipeline()
    for (const [name, ...args] of commands) batch.call(name, ...args)
    const replies = (await batch.exec()) ?? []
    return replies.map(([error, result]) => (error === null ? { result } : { error: error.message }))
  }
}

/** Encodes the texts of a reply. The server leaves `OK` as it is. */
function base64(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(base64)
  return typeof reply === 'string' && reply !== 'OK' ? Buffer.from(reply).toString('base64') : reply
}
