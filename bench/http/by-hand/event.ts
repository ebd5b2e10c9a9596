import { z } from 'zod'

const text = z.string()

const attachment = z.looseObject({
  filename: text.optional(),
  contentType: text.optional(),
  sizeBytes: z.number().optional(),
  url: text.optional(),
  parsedText: text.optional(),
  extractionMethod: text.optional(),
})

const messageReceived = z.looseObject({
  event: z.literal('message.received'),
  event_id: text,
  occurred_at: text.optional(),
  delivered_at: text.optional(),
  attempt: z.number().optional(),
  inbox_id: text,
  external_id: text.nullish(),
  thread_id: text,
  message: z.looseObject({
    id: text,
    rfc_message_id: text.nullish(),
    from: text,
    to: text.nullish(),
    cc: z.union([z.array(text), text]).nullish(),
    subject: text.nullish(),
    body_text: text.nullish(),
    attachments: z.array(attachment).optional(),
    received_at: text.optional(),
    category: text.nullish(),
    auto_replyable: z.boolean().nullish(),
    verdict: text.nullish(),
    spam_score: z.number().nullish(),
  }),
})

const reputation = {
  event_id: text,
  occurred_at: text,
  inbox_id: text.nullish(),
  inbox_address: text.nullish(),
  pod_id: text.nullish(),
  reason: text.nullish(),
}

/** OpenMail's events by their documents, discriminated by type. */
const event = z.discriminatedUnion('event', [
  messageReceived,
  z.looseObject({ event: z.literal('inbox.suspended'), ...reputation }),
  z.looseObject({ event: z.literal('inbox.reactivated'), ...reputation }),
  z.looseObject({ event: z.literal('pod.suspended'), ...reputation }),
  z.looseObject({ event: z.literal('pod.reactivated'), ...reputation }),
])

export type Event = z.infer<typeof event>

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The event in a body, or the status for what is wrong with it. */
export function parseEvent(body: Uint8Array): Event | 400 | 422 {
  let json: unknown
  try {
    json = JSON.parse(utf8.decode(body))
  } catch {
    return 400
  }
  const { success, data } = event.safeParse(json)
  return success ? data : 422
}
