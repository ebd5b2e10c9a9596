import { bodyAborted, bodyAlreadyRead, bodyTooLarge } from '../errors.js'
import { ByteCollector } from './byte-collector.js'

/** Up to this announced length a body is read at once. In chunks of one byte it would take a hundred times as much. */
const READ_AT_ONCE_BYTES = 65_536

/** Reads the exact bytes of a fetch request. */
export async function readWebBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  const announcedBytes = announcedLength(request)
  if (request.bodyUsed) throw bodyAlreadyRead()
  const isShort = announcedBytes !== undefined && announcedBytes <= Math.min(READ_AT_ONCE_BYTES, limitBytes)
  let body: Uint8Array
  try {
    // Some runtimes create a stream on the first access to `body`, which takes longer than the rest of a delivery.
    body = isShort ? Buffer.from(await request.arrayBuffer()) : await readChunks(request, limitBytes)
  } catch (cause) {
    if (!isShort) throw cause
    // If the body was not used, somebody else holds the stream, and has read nothing yet.
    throw request.bodyUsed ? bodyAborted(cause) : bodyAlreadyRead()
  }
  // A Request that no server made may have more than it announces.
  if (body.length > limitBytes) throw bodyTooLarge(limitBytes)
  // In some runtimes a body that was cut off, or read by another listener, ends as if it were complete.
  if (body.length < (announcedBytes ?? 0)) throw bodyAborted()
  return body
}

async function readChunks({ body }: Request, limitBytes: number): Promise<Uint8Array> {
  if (body?.locked) throw bodyAlreadyRead()
  const bytes = new ByteCollector(limitBytes)
  const reader = body?.getReader()
  try {
    while (reader !== undefined) {
      const { done, value } = await reader.read().catch(broken)
      if (done) break
      bytes.add(value)
    }
  } finally {
    // The rest of a body over the limit is discarded later.
    reader?.releaseLock()
  }
  return bytes.join()
}

const broken = (cause: unknown): never => {
  throw bodyAborted(cause)
}

function announcedLength({ headers }: Request): number | undefined {
  const length = headers.get('content-length') ?? ''
  return /^\d+$/.test(length) ? Number(length) : undefined
}
