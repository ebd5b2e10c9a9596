import { z } from 'zod'
import { listOf } from '../list-of.js'
import { openEnum } from '../open-enum.js'

/**
 * Returns the schemas. A field is required if every documented version of its event has it and none calls it nullable. The
 * provider declares its schemas open, so unknown fields are normal.
 */
export const openMailSchemas = () => {
  const text = z.string()

  /** An attachment. The documents and the provider's plugin name the fields differently, so none is required. */
  const attachment = z.looseObject({
    filename: text.optional(),
    contentType: text.optional(),
    sizeBytes: z.number().optional(),
    url: text.optional(),
    parsedText: text.optional(),
    extractionMethod: text.optional(),
  })

  const reputationEvent = <Type extends string>(type: Type) =>
    z.looseObject({
      event: z.literal(type),
      event_id: text,
      occurred_at: text,
      inbox_id: text.nullish(),
      inbox_address: text.nullish(),
      pod_id: text.nullish(),
      reason: openEnum(
        'high_bounce_rate',
        'high_complaint_rate',
        'abuse',
        'pod_degraded',
        'manual_review',
        'other',
      ).nullish(),
    })

  return {
    'message.received': z.looseObject({
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
        /** The sender that the mail claims: a bare address, or `Name <address>`. */
        from: text,
        to: text.nullish(),
        cc: z.union([listOf(text), text]).nullish(),
        subject: text.nullish(),
        body_text: text.nullish(),
        attachments: listOf(attachment).optional(),
        received_at: text.optional(),
        category: text.nullish(),
        auto_replyable: z.boolean().nullish(),
        verdict: text.nullish(),
        spam_score: z.number().nullish(),
      }),
    }),
    'inbox.suspended': reputationEvent('inbox.suspended'),
    'inbox.reactivated': reputationEvent('inbox.reactivated'),
    'pod.suspended': reputationEvent('pod.suspended'),
    'pod.reactivated': reputationEvent('pod.reactivated'),
  }
}
