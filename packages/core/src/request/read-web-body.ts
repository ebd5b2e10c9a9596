import { bodyAborted, bodyAlreadyRead, WebhookError } from '../errors.js'
import { ByteCollector } from './byte-collector.js'

/** The exact bytes of a fetch request. */
export async function readWebBody({ body, bodyUsed }: Request, limitBytes: number): Promise<Uint8Array> {
  if (bodyUsed || body?.locked) throw bodyAlreadyRead()
  const bytes = new ByteCollector(limitBytes)
  try {
    // A throw in the loop cancels the stream: whoever sends need not go on.
    for await (const chunk of body ?? []) bytes.add(chunk)
  } catch (error) {
    throw error instanceof WebhookError ? error : bodyAborted(error)
  }
  return bytes.join()
}
