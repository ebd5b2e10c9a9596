import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryJournal } from '@mailbox-hooks/core'
import { exchangeRecorder } from '@mailbox-hooks/core/journal'
import { ProviderBook } from '../data/provider-book.js'
import { checkOptions } from '../inspector-options.js'
import { type Inspector, REFUSALS, startInspector } from '../open-inspector.js'
import { hasHeader } from '../play/hop-by-hop.js'
import { resolveTarget, type Target } from '../play/target.js'
import { type ForwardedAnswer, forward } from './forward.js'
import { type AnswerMode, checkListener, type ListenerOptions } from './listener-options.js'
import { otherProvider } from './other-provider.js'
import { verifiersOf } from './verifiers.js'

export interface Listener {
  /** The address to which deliveries are sent. */
  readonly url: string
  readonly inspector: Inspector | undefined
  close(): Promise<void>
}

/** Far more than any provider sends. */
const MAX_BYTES = 25_000_000
/** Longer than any provider waits. */
const LATE_MS = 30_000

/**
 * Stands in front of an application: passes each request on as it came, and its answer back, and shows both. The
 * application need not use these packages.
 *
 * It listens on 127.0.0.1, and passes requests to loopback addresses only. Throws a `TypeError` for a wrong option. Rejects
 * if a port is taken.
 *
 * @example
 * const { url, inspector } = await openListener({ to: 'http://localhost:3000/webhooks' })
 */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { to, port, answer, providers, inspector: page, onExchange } = checkListener(options)
  const target = await resolveTarget(to).catch((error: Error) => {
    throw new TypeError(`openListener: to: ${error.message}`)
  })
  const journal = memoryJournal({ refusals: REFUSALS })
  const recorder = exchangeRecorder(journal, {
    ...verifiersOf(new ProviderBook(journal, providers).all()),
    other: otherProvider(),
  })
  const state = { mode: answer, isOver: new AbortController() }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now()
    const body = await readAll(request)
    if (body === undefined) return void response.writeHead(413, { connection: 'close' }).end()
    const { method = 'GET', url = '/', rawHeaders, socket } = request
    const local = { address: socket.localAddress ?? '127.0.0.1', port: socket.localPort ?? port, isEncrypted: false }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const exchange = await recorder.begin({ method, url, rawHeaders, local, headers, body })
    const given = await answerOf(state, target, { method, url, rawHeaders, body }, response)
    const status = given?.status ?? 0
    // Before the answer goes out, so that whoever has it finds it on the page.
    await exchange.end(given)
    write(response, given, state.mode)
    const { provider, type, isVerified, code } = exchange
    const durationMs = Math.round(performance.now() - startedAt)
    const passed = {
      at: new Date(),
      method,
      url,
      rawHeaders,
      body,
      provider,
      type,
      isVerified,
      code,
      status,
      durationMs,
    }
    onExchange?.(passed)
  }

  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy())
  })
  await listen(server, port)
  const taken = (server.address() as AddressInfo).port
  const url = `http://127.0.0.1:${taken}`
  const close = async () => {
    state.isOver.abort()
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  try {
    const shown = {
      ...Object(page),
      journal,
      providers,
      target: url + (target.url.pathname === '/' ? '/' : target.url.pathname),
    }
    const inspector = page === false ? undefined : await startInspector(checkOptions(shown), state)
    return {
      url,
      inspector,
      async close() {
        await inspector?.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Given = ForwardedAnswer | undefined

/** The answer of the application, or what is played in its place. Undefined if there is none. */
async function answerOf(
  { mode, isOver }: { mode: AnswerMode; isOver: AbortController },
  target: Target,
  request: Parameters<typeof forward>[1],
  response: ServerResponse,
): Promise<Given> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  if (mode === 'never') {
    // Until the sender has had enough.
    await new Promise((resolve) => AbortSignal.any([gone.signal, isOver.signal]).addEventListener('abort', resolve))
    return undefined
  }
  if (mode === '500') return BROKEN
  // The sender may leave while the application works, as it may without this.
  const answer = await forward(target, request, isOver.signal).catch(() => undefined)
  if (mode === 'late') await sleep(LATE_MS, undefined, { signal: isOver.signal }).catch(() => undefined)
  return answer
}

const BROKEN: ForwardedAnswer = {
  status: 500,
  statusMessage: 'Internal Server Error',
  rawHeaders: ['content-type', 'application/json'],
  body: Buffer.from('{"error":"played by mailbox-hooks listen"}'),
}

function write(response: ServerResponse, given: Given, mode: AnswerMode): void {
  if (response.destroyed) return
  if (given === undefined) {
    if (mode === 'never') return void response.destroy()
    return void response.writeHead(502, { 'content-type': 'text/plain' }).end('The application did not answer.\n')
  }
  const { status, statusMessage, rawHeaders, body } = given
  const headers = [...rawHeaders]
  const hasLength = hasHeader(headers, 'content-length') || status === 204 || status === 304 || status < 200
  if (!hasLength) headers.push('content-length', String(body.length))
  response.sendDate = false
  response.writeHead(status, statusMessage, headers).end(body)
}

async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken by another program. Pass another --port.`)
          : error,
      ),
    )
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve())
  })
}
