import { bodyTooLarge, encodingUnsupported, methodNotAllowed } from '../errors.js'
import type { WebhookRequest } from '../request/webhook-request.js'

/** Refuses a request that cannot be a delivery, before its body is read. */
export function refuseUnreadable(request: WebhookRequest, limitBytes: number): void {
  if (request.method !== 'POST') throw methodNotAllowed()
  const encoding = request.header('content-encoding')
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') throw encodingUnsupported()
  if (Number(request.header('content-length') ?? 0) > limitBytes) throw bodyTooLarge(limitBytes)
}
