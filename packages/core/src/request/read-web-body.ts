import { bodyAborted, bodyAlreadyRead } from '../errors.js'
import { ByteCollector } from './byte-collector.js'

/** Reads the exact bytes of a fetch request. */
export async function readWebBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  const { body, bodyUsed } = request
  if (bodyUsed || body?.locked) throw bodyAlreadyRead()
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
  // In some runtimes a body that was cut off, or read by another listener, ends as if it were complete.
  if (bytes.length < announcedLength(request)) throw bodyAborted()
  return bytes.join()
}

const broken = (cause: unknown): never => {
  throw bodyAborted(cause)
}

function announcedLength({ headers }: Request): number {
  const length = headers.get('content-length') ?? ''
  return /^\d+$/.test(length) ? Number(length) : 0
}
