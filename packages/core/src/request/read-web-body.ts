import { bodyAborted, bodyAlreadyRead, WebhookError } from '../errors.js'
import { ByteCollector } from './byte-collector.js'

/** Reads the exact bytes of a fetch request. */
export async function readWebBody({ body, bodyUsed }: Request, limitBytes: number): Promise<Uint8Array> {
  if (bodyUsed || body?.locked) throw bodyAlreadyRead()
  const bytes = new ByteCollector(limitBytes)
  try {
    // A throw in the loop cancels the stream, so the sender can stop.
    for await (const chunk of body ?? []) bytes.add(chunk)
  } catch (error) {
    throw error instanceof WebhookError ? error : bodyAborted(error)
  }
  return bytes.join()
}
