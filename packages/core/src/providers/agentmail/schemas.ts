import { z } from 'zod'
import { listOf } from '../list-of.js'
import { mapOf } from '../map-of.js'
import { openEnum } from '../open-enum.js'

/**
 * Returns the schemas. A field is required if every documented version of its event has it. The documents' own examples
 * leave out some that the API calls required, and new ones are announced: the provider's own parser is stricter than the
 * provider.
 */
export const agentMailSchemas = () => {
  const text = z.string()
  const texts = listOf(text)

  const event = <Type extends string, Body extends z.ZodRawShape>(type: Type, body: Body) =>
    z.looseObject({ type: text.optional(), event_type: z.literal(type), event_id: text, ...body })

  const attachment = z.looseObject({
    attachment_id: text,
    size: z.number().optional(),
    filename: text.nullish(),
    content_type: text.nullish(),
    content_disposition: openEnum('inline', 'attachment').nullish(),
    content_id: text.nullish(),
  })

  /** `text` and `html` are missing when the body would pass 1 MB: fetch the message then. */
  const message = z.looseObject({
    inbox_id: text,
    thread_id: text,
    /** The Message-ID, which the mail's sender chose. */
    message_id: text,
    labels: texts,
    timestamp: text,
    /** A bare address, or `Name <address>`. */
    from: text,
    to: texts,
    reply_to: texts.nullish(),
    cc: texts.nullish(),
    bcc: texts.nullish(),
    subject: text.nullish(),
    preview: text.nullish(),
    text: text.nullish(),
    html: text.nullish(),
    /** The new part of the text, without what it quotes. */
    extracted_text: text.nullish(),
    extracted_html: text.nullish(),
    attachments: listOf(attachment).nullish(),
    in_reply_to: text.nullish(),
    references: texts.nullish(),
    headers: mapOf(z.unknown()).nullish(),
    size: z.number().optional(),
    created_at: text.optional(),
    updated_at: text.optional(),
  })

  const thread = z.looseObject({
    inbox_id: text,
    thread_id: text,
    labels: texts.optional(),
    timestamp: text.optional(),
    received_timestamp: text.nullish(),
    sent_timestamp: text.nullish(),
    senders: texts.optional(),
    recipients: texts.optional(),
    subject: text.nullish(),
    preview: text.nullish(),
    attachments: listOf(attachment).nullish(),
    last_message_id: text.optional(),
    message_count: z.number().optional(),
    size: z.number().optional(),
    created_at: text.optional(),
    updated_at: text.optional(),
  })

  const received = <Type extends string>(type: Type) => event(type, { message, thread: thread.optional() })

  const outgoing = { inbox_id: text, thread_id: text, message_id: text, timestamp: text }

  const calendar = <Type extends string>(type: Type) =>
    event(type, { inbox_id: text.optional(), calendar_event: z.looseObject({}).optional() })

  return {
    'message.received': received('message.received'),
    'message.received.spam': received('message.received.spam'),
    'message.received.blocked': received('message.received.blocked'),
    /** The sender's address is not proven. */
    'message.received.unauthenticated': received('message.received.unauthenticated'),
    'message.sent': event('message.sent', { send: z.looseObject({ ...outgoing, recipients: texts }) }),
    'message.delivered': event('message.delivered', { delivery: z.looseObject({ ...outgoing, recipients: texts }) }),
    'message.bounced': event('message.bounced', {
      bounce: z.looseObject({
        ...outgoing,
        recipients: listOf(z.looseObject({ address: text, status: text.optional() })),
        type: openEnum('Permanent', 'Transient', 'Undetermined'),
        sub_type: text.optional(),
      }),
    }),
    'message.complained': event('message.complained', {
      complaint: z.looseObject({ ...outgoing, recipients: texts, type: text.nullish(), sub_type: text.nullish() }),
    }),
    'message.rejected': event('message.rejected', { reject: z.looseObject({ ...outgoing, reason: text }) }),
    /** Once for each message. It does not say by whom. */
    'message.opened': event('message.opened', { open: z.looseObject(outgoing) }),
    'domain.verified': event('domain.verified', {
      domain: z.looseObject({
        domain_id: text,
        domain: text.optional(),
        /** In upper case by the API, in lower case in an example. */
        status: openEnum('NOT_STARTED', 'PENDING', 'INVALID', 'FAILED', 'VERIFYING', 'VERIFIED'),
        feedback_enabled: z.boolean().optional(),
        subdomains_enabled: z.boolean().optional(),
        tracking_enabled: z.boolean().optional(),
        reason: text.nullish(),
        records: listOf(
          z.looseObject({
            type: openEnum('TXT', 'CNAME', 'MX'),
            name: text,
            value: text,
            status: openEnum('MISSING', 'INVALID', 'VALID').optional(),
            priority: z.number().nullish(),
            reason: text.nullish(),
          }),
        ).optional(),
        pod_id: text.nullish(),
        client_id: text.nullish(),
        created_at: text.optional(),
        updated_at: text.optional(),
      }),
    }),
    // A private beta, whose fields no readable document shows.
    'calendar.event.created': calendar('calendar.event.created'),
    'calendar.event.updated': calendar('calendar.event.updated'),
    'calendar.event.deleted': calendar('calendar.event.deleted'),
    'calendar.event.responded': calendar('calendar.event.responded'),
    'calendar.event.starting': calendar('calendar.event.starting'),
    'calendar.event.ending': calendar('calendar.event.ending'),
  }
}
