import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Settings } from '../inspector-options.js'
import { type Asset, readAssets } from './assets.js'
import { checkRequest, hostsOf, readJson } from './gate.js'
import { SAFE_HEADERS } from './headers.js'
import { type Asked, failed, Refusal, type Reply } from './reply.js'
import { answer, type Routes, segmentsOf } from './router.js'
import type { Sessions } from './sessions.js'

/** Answers `GET /api/stream`. Returns when the answer has begun. */
export type Streaming = (query: URLSearchParams, response: ServerResponse) => void

export interface ServerParts {
  readonly settings: Settings
  readonly sessions: Sessions
  /** Needs a session. */
  readonly routes: Routes
  /** Needs none. */
  readonly openRoutes: Routes
  readonly stream: Streaming
}

export interface StartedServer {
  readonly port: number
  close(): Promise<void>
}

/** Starts the server. Rejects with a sentence if the port is taken. It keeps no process alive. */
export async function startServer(parts: ServerParts): Promise<StartedServer> {
  const { host, port } = parts.settings
  const assets = readAssets()
  let hosts: ReadonlySet<string> = new Set()
  const server = createServer((request, response) => {
    respond(request, response, { ...parts, assets, hosts }).catch(() => response.destroy())
  })
  server.on('connection', (socket) => socket.unref())
  await listen(server, host, port)
  server.unref()
  const taken = (server.address() as AddressInfo).port
  hosts = hostsOf(taken, parts.settings)
  return { port: taken, close: () => close(server) }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? taken(port) : error))
    server.listen({ host, port, exclusive: true }, resolve)
  })
}

const taken = (port: number) =>
  new Error(
    `The inspector cannot listen on port ${port}, because another program does. Pass another port, or 0 for any free one.`,
  )

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

interface Answering extends ServerParts {
  readonly assets: ReadonlyMap<string, Asset>
  readonly hosts: ReadonlySet<string>
}

async function respond(request: IncomingMessage, response: ServerResponse, parts: Answering): Promise<void> {
  try {
    checkRequest(request, parts.hosts)
    const [pathname = '/', search = ''] = (request.url ?? '').split('?', 2)
    const asset = request.method === 'GET' ? parts.assets.get(pathname) : undefined
    if (asset !== undefined) return write(response, 200, asset.type, asset.bytes)
    const path = segmentsOf(pathname)
    if (path === undefined) throw new Refusal(400, 'The address cannot be read.')
    const query = new URLSearchParams(search)
    const isOpen = `${request.method} ${path.slice(1).join('/')}` in parts.openRoutes
    if (!isOpen && !parts.sessions.has(request.headers.authorization)) {
      throw new Refusal(401, 'There is no session. Open the link that was printed.')
    }
    const isStream = request.method === 'GET' && pathname === '/api/stream'
    if (isStream) return parts.stream(query, response)
    const body = request.method === 'POST' ? await readJson(request) : undefined
    const asked: Asked = { method: request.method ?? '', path, query, body }
    writeReply(response, await answer(isOpen ? parts.openRoutes : parts.routes, asked))
  } catch (error) {
    // What was not read of a refused body is not read any more.
    if (!request.complete) response.setHeader('connection', 'close')
    writeReply(response, error instanceof Refusal ? error.reply : failed(500, messageOf(error)))
  }
}

/** The page is the developer's own, and its faults are found faster with the message. */
const messageOf = (error: unknown) => `The inspector failed: ${(error as Error | null)?.message}`

function writeReply(response: ServerResponse, { status, body }: Reply): void {
  write(response, status, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(body)))
}

function write(response: ServerResponse, status: number, type: string, bytes: Uint8Array): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, { ...SAFE_HEADERS, 'content-type': type, 'content-length': bytes.byteLength }).end(bytes)
}
