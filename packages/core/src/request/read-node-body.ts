import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import getRawBody from 'raw-body'
import { bodyAborted, bodyAlreadyRead, bodyTooLarge } from '../errors.js'

/**
 * The exact bytes of a Node request.
 *
 * Whether a parser was first is told by the state of the stream, not by `req.body`, which anybody may set. A parser
 * that kept the bytes as `rawBody` (serverless hosts, `express.json({ verify })`) has not spoiled anything.
 */
export async function readNodeBody(
  request: IncomingMessage,
  headers: IncomingHttpHeaders,
  limitBytes: number,
): Promise<Uint8Array> {
  if (request.readableDidRead || request.readableEnded) return keptBytes(request, limitBytes)
  const length = headers['content-length'] ?? null
  const isBounded = length !== null && headers['transfer-encoding'] === undefined
  // A body has no more pieces than the bytes that it announces.
  if (!isBounded || Number(length) > MAX_CHUNKS) limitChunks(request)
  try {
    return await getRawBody(request, { limit: limitBytes, length })
  } catch (error) {
    switch (typeOf(error)) {
      case 'entity.too.large':
        throw bodyTooLarge(limitBytes)
      case 'stream.encoding.set':
        // Somebody called setEncoding(): what arrives now is text, no longer the bytes.
        throw bodyAlreadyRead()
      default:
        throw bodyAborted(error)
    }
  }
}

function keptBytes(request: IncomingMessage, limitBytes: number): Uint8Array {
  const { rawBody } = request as { rawBody?: unknown }
  if (!(rawBody instanceof Uint8Array)) throw bodyAlreadyRead()
  if (rawBody.length > limitBytes) throw bodyTooLarge(limitBytes)
  return rawBody
}

/** Far more than any network makes of a body within the limit. */
const MAX_CHUNKS = 20_000

/**
 * Cuts the connection of a body that comes in absurdly many pieces. They are kept until the last has come, and a piece
 * of one byte takes a hundred times its content: `limitBytes` alone would bound nothing.
 */
function limitChunks(request: IncomingMessage): void {
  let chunks = 0
  request.on('data', () => {
    chunks += 1
    if (chunks > MAX_CHUNKS) request.destroy(new Error(`The body came in more than ${MAX_CHUNKS} pieces.`))
  })
}

const typeOf = (error: unknown) => (error instanceof Error && 'type' in error ? error.type : undefined)
