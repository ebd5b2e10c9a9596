import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { bodyAborted, bodyAlreadyRead, bodyTooLarge } from '../errors.js'
import { ByteCollector } from './byte-collector.js'

/**
 * Reads the exact bytes of a Node request.
 *
 * The state of the stream shows whether a parser read it before, not `req.body`, which any code may set. If a parser kept
 * the bytes as `rawBody` (serverless hosts, `express.json({ verify })`), those are returned.
 */
export function readNodeBody(
  request: IncomingMessage,
  headers: IncomingHttpHeaders,
  limitBytes: number,
): Promise<Uint8Array> {
  // An error that is thrown in here rejects the promise.
  return new Promise((resolve, reject) => {
    const announcedBytes = announcedLength(headers)
    const wasRead = request.readableDidRead || request.readableEnded
    if (wasRead) return resolve(keptBytes(request, announcedBytes ?? 0, limitBytes))
    if (announcedBytes !== undefined && announcedBytes > limitBytes) throw bodyTooLarge(limitBytes)
    // setEncoding() was called, so the stream yields text instead of bytes.
    if (request.readableEncoding) throw bodyAlreadyRead()
    if (!request.readable) throw bodyAborted()
    readStream(request, limitBytes, reject, (body) => {
      if (announcedBytes !== undefined && body.length !== announcedBytes) reject(bodyAborted())
      else resolve(body)
    })
  })
}

/** Undefined if the body is chunked, because its length is not that of the chunks. */
function announcedLength(headers: IncomingHttpHeaders): number | undefined {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers
  return length === undefined || encoding !== undefined ? undefined : Number(length)
}

function keptBytes(request: IncomingMessage, announcedBytes: number, limitBytes: number): Uint8Array {
  const { rawBody } = request as { rawBody?: unknown }
  if (!(rawBody instanceof Uint8Array)) throw bodyAlreadyRead()
  if (rawBody.length < announcedBytes) throw bodyAborted()
  if (rawBody.length > limitBytes) throw bodyTooLarge(limitBytes)
  return rawBody
}

/** Far more chunks than any network makes of a body within the limit. */
const MAX_CHUNKS = 20_000

/**
 * Reads a stream to its end, up to a limit. Closes the connection of a body in too many chunks, because each chunk costs a
 * hundred times its byte. A stream with too many bytes is paused, so that whoever drains it decides about the rest.
 */
function readStream(
  request: IncomingMessage,
  limitBytes: number,
  reject: (error: Error) => void,
  resolve: (body: Uint8Array) => void,
): void {
  const bytes = new ByteCollector(limitBytes)
  let chunks = 0
  let hasEnded = false
  const onData = (chunk: Uint8Array) => {
    chunks += 1
    if (chunks > MAX_CHUNKS) request.destroy(new Error(`The body arrived in more than ${MAX_CHUNKS} pieces.`))
    if (bytes.length + chunk.length > limitBytes) stop(bodyTooLarge(limitBytes))
    else bytes.add(chunk)
  }
  // The listeners stay: taking each off takes as long as putting it on.
  const onEnd = () => {
    hasEnded = true
    resolve(bytes.join())
  }
  const onBroken = (cause?: Error) => {
    if (!hasEnded) stop(bodyAborted(cause))
  }
  const stop = (error: Error) => {
    request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken)
    request.pause()
    reject(error)
  }
  // `close` comes without `end` where the connection broke, and some hosts emit no `error`.
  request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken)
}
