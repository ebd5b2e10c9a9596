import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import getRawBody from 'raw-body'
import { bodyAborted, bodyAlreadyRead, bodyTooLarge } from '../errors.js'

/**
 * Reads the exact bytes of a Node request.
 *
 * The state of the stream shows whether a parser read it before, not `req.body`, which any code may set. If a parser kept
 * the bytes as `rawBody` (serverless hosts, `express.json({ verify })`), those are returned.
 */
export async function readNodeBody(
  request: IncomingMessage,
  headers: IncomingHttpHeaders,
  limitBytes: number,
): Promise<Uint8Array> {
  const length = headers['content-length'] ?? null
  const isBounded = length !== null && headers['transfer-encoding'] === undefined
  if (request.readableDidRead || request.readableEnded) {
    return keptBytes(request, { limitBytes, announcedBytes: isBounded ? Number(length) : 0 })
  }
  // A body cannot have more chunks than announced bytes.
  if (!isBounded || Number(length) > MAX_CHUNKS) limitChunks(request)
  try {
    return await getRawBody(request, { limit: limitBytes, length })
  } catch (error) {
    switch (typeOf(error)) {
      case 'entity.too.large':
        throw bodyTooLarge(limitBytes)
      case 'stream.encoding.set':
        // setEncoding() was called, so the stream yields text instead of bytes.
        throw bodyAlreadyRead()
      default:
        throw bodyAborted(error)
    }
  }
}

function keptBytes(
  request: IncomingMessage,
  { limitBytes, announcedBytes }: { limitBytes: number; announcedBytes: number },
): Uint8Array {
  const { rawBody } = request as { rawBody?: unknown }
  if (!(rawBody instanceof Uint8Array)) throw bodyAlreadyRead()
  if (rawBody.length < announcedBytes) throw bodyAborted()
  if (rawBody.length > limitBytes) throw bodyTooLarge(limitBytes)
  return rawBody
}

/** Far more chunks than any network makes of a body within the limit. */
const MAX_CHUNKS = 20_000

/**
 * Closes the connection of a body with too many chunks. All chunks are kept until the last one arrives, and a chunk of one
 * byte takes a hundred times its content. So `limitBytes` alone would not bound the memory.
 */
function limitChunks(request: IncomingMessage): void {
  let chunks = 0
  request.on('data', () => {
    chunks += 1
    if (chunks > MAX_CHUNKS) request.destroy(new Error(`The body arrived in more than ${MAX_CHUNKS} pieces.`))
  })
}

const typeOf = (error: unknown) => (error instanceof Error && 'type' in error ? error.type : undefined)
