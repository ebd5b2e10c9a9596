import { type Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'

export interface Sending {
  readonly method?: string
  /** What follows the path, e.g. `?challenge=x`. */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** A body with an announced length. */
  readonly body?: string | Uint8Array
  /** Chunks without an announced length, each in its own write. */
  readonly chunks?: readonly Uint8Array[]
  readonly agent?: Agent
  /** Aborts the request and closes the connection. */
  readonly signal?: AbortSignal
}

export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: unknown
}

/** Sends a request over its own socket, or one of `agent`. A header with a list is sent once for each value. */
export function send(url: string, sending: Sending): Promise<Received> {
  const { method = 'POST', query = '', headers = {}, body, chunks, agent, signal } = sending
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const outgoing = request(url + query, {
      method,
      agent: agent ?? false,
      headers: { ...length, ...(headers as Record<string, string | string[]>) },
      ...(signal && { signal }),
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      const pieces: Buffer[] = []
      incoming.on('data', (piece: Buffer) => pieces.push(piece))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(pieces).toString()
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: parsed(text) })
      })
    })
    for (const chunk of chunks ?? []) outgoing.write(chunk)
    outgoing.end(body)
  })
}

/** Announces the whole body, sends a part of it and disconnects. Resolves when the connection is closed. */
export function sendPart(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  bytes: number,
): Promise<void> {
  const { hostname, port, pathname } = new URL(url)
  const lines = Object.entries({ host: 'localhost', 'content-length': String(Buffer.byteLength(body)), ...headers })
  const head = [`POST ${pathname} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(head)
      socket.write(Buffer.from(body).subarray(0, bytes), () => socket.destroy())
    })
    socket.on('error', reject)
    socket.on('close', () => resolve())
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not every answer is JSON. A test that expects JSON fails then.
    return undefined
  }
}
