import { connect, type Socket } from 'node:net'

/** A connection whose bytes the test writes itself. Nothing is read before an answer is asked for. */
export interface RawConnection {
  readonly socket: Socket
  /** Resolves when the bytes are on their way; rejects when the connection was reset before. */
  write(head: string, body?: string | Uint8Array): Promise<void>
  /** Resolves to everything received so far, once that holds the headers and the announced body of `count` answers. */
  answers(count: number): Promise<string>
  /** Resolves when the connection is closed: to `end`, or to `reset` when it was broken. */
  readonly closed: Promise<'end' | 'reset'>
}

const PIECE_BYTES = 16_384

/** Connects, without a request. The caller destroys the socket. */
export function connectTo(url: string): RawConnection {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    .setEncoding('latin1')
    .pause()
  let received = ''
  let isReset = false
  socket.on('data', (text) => {
    received += text
  })
  socket.on('error', () => {
    isReset = true
  })
  const closed = new Promise<'end' | 'reset'>((resolve) => {
    socket.once('end', () => resolve('end')).once('close', () => resolve(isReset ? 'reset' : 'end'))
  })
  const writePiece = (piece: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      socket.write(piece, (error) => (error ? reject(error) : resolve()))
    })
  const write = async (head: string, body: string | Uint8Array = '') => {
    const bytes = Buffer.concat([Buffer.from(head), Buffer.from(body as Uint8Array)])
    // One after the other, as proxies do: of a single large write nobody hears that its connection was reset meanwhile.
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) await writePiece(bytes.subarray(at, at + PIECE_BYTES))
  }
  const answers = (count: number) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (countAnswers(received) >= count) resolve(received)
      }
      socket.on('data', look).resume()
      closed.then(() => reject(new Error(`The connection was closed after ${JSON.stringify(received)}`)))
      look()
    })
  return { socket, write, answers, closed }
}

/** The head of a request, as it goes over the wire. */
export const headOf = (
  url: string,
  headers: Readonly<Record<string, string | number>>,
  version: '1.0' | '1.1' = '1.1',
): string => {
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`)
  return [`POST ${new URL(url).pathname} HTTP/${version}`, ...lines, '', ''].join('\r\n')
}

function countAnswers(received: string): number {
  let count = 0
  for (let rest = received; ; count++) {
    const end = rest.indexOf('\r\n\r\n')
    const length = /^content-length: (\d+)/im.exec(rest.slice(0, Math.max(end, 0)))?.[1]
    if (length === undefined || rest.length < end + 4 + Number(length)) return count
    rest = rest.slice(end + 4 + Number(length))
  }
}
