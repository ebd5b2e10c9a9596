import { z } from 'zod'
import { listOf } from '../list-of.js'
import { mapOf } from '../map-of.js'
import { openEnum } from '../open-enum.js'

/**
 * Returns the schemas. A field is required if every known version of its event has it. The provider adds fields and types
 * every few weeks. Times within `data` are not always ISO 8601.
 */
export const resendSchemas = () => {
  const text = z.string()
  const texts = listOf(text)

  const event = <Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
    z.looseObject({ type: z.literal(type), created_at: text, data: z.looseObject(data) })

  /** `email_id` is the same in all events of one mail. */
  const email = {
    email_id: text,
    created_at: text,
    from: text,
    to: texts,
    subject: text,
    message_id: text.nullish(),
    broadcast_id: text.nullish(),
    template_id: text.nullish(),
    tags: mapOf(text).nullish(),
  }

  const contact = <Type extends string>(type: Type) =>
    event(type, {
      id: text,
      email: text,
      audience_id: text.nullish(),
      segment_ids: texts.nullish(),
      first_name: text.nullish(),
      last_name: text.nullish(),
      unsubscribed: z.boolean(),
      created_at: text,
      updated_at: text.optional(),
    })

  const domain = <Type extends string>(type: Type) =>
    event(type, {
      id: text,
      name: text,
      status: openEnum('not_started', 'pending', 'verified', 'failed', 'temporary_failure'),
      created_at: text,
      region: text.optional(),
      records: listOf(
        z.looseObject({
          record: text,
          name: text,
          type: text,
          ttl: text.optional(),
          status: text.optional(),
          value: text,
          priority: z.number().nullish(),
        }),
      ).optional(),
    })

  const suppression = <Type extends string>(type: Type) =>
    event(type, {
      id: text,
      email: text,
      origin: openEnum('bounce', 'complaint', 'manual'),
      source_id: text.nullish(),
      created_at: text,
    })

  const topic = <Type extends string>(type: Type) =>
    event(type, {
      id: text,
      name: text,
      description: text.nullish(),
      default_subscription: openEnum('opt_in', 'opt_out').optional(),
      deleted: z.boolean().optional(),
      created_at: text,
      updated_at: text.optional(),
    })

  const source = openEnum('api', 'dashboard', 'agent', 'system').optional()
  const part = z.looseObject({}).nullish()

  const inbox = <Type extends string>(type: Type) => event(type, { source, inbox_id: text, inbox: part })

  const thread = <Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
    event(type, { source, inbox_id: text, thread_id: text, thread: part, ...data })

  const draft = <Type extends string>(type: Type) =>
    event(type, { source, inbox_id: text, thread_id: text.nullish(), draft_id: text, thread: part, draft: part })

  return {
    'email.sent': event('email.sent', email),
    'email.scheduled': event('email.scheduled', email),
    'email.delivered': event('email.delivered', email),
    'email.delivery_delayed': event('email.delivery_delayed', email),
    'email.complained': event('email.complained', email),
    'email.bounced': event('email.bounced', {
      ...email,
      bounce: z.looseObject({ message: text.optional(), type: text.optional(), subType: text.optional() }),
    }),
    'email.opened': event('email.opened', email),
    'email.clicked': event('email.clicked', {
      ...email,
      click: z.looseObject({
        /** It may hold a token, such as that of a password reset. */
        link: text,
        ipAddress: text.optional(),
        timestamp: text.optional(),
        userAgent: text.optional(),
      }),
    }),
    /** It has no text, no HTML, no headers and no content of attachments: fetch the mail by its `email_id`. */
    'email.received': event('email.received', {
      email_id: text,
      created_at: text,
      from: text,
      to: texts,
      cc: texts.nullish(),
      bcc: texts.nullish(),
      /** The addresses that the mail was delivered to, by its name; a `bcc` stands in neither `to` nor `cc`. */
      received_for: texts.nullish(),
      message_id: text.nullish(),
      subject: text.nullish(),
      attachments: listOf(
        z.looseObject({
          id: text,
          filename: text.nullish(),
          content_type: text.nullish(),
          content_disposition: text.nullish(),
          content_id: text.nullish(),
        }),
      ).nullish(),
    }),
    'email.failed': event('email.failed', { ...email, failed: z.looseObject({ reason: text.optional() }) }),
    'email.suppressed': event('email.suppressed', {
      ...email,
      suppressed: z.looseObject({ message: text.optional(), type: text.optional() }),
    }),

    'contact.created': contact('contact.created'),
    'contact.updated': contact('contact.updated'),
    'contact.deleted': contact('contact.deleted'),
    'contact.topics.updated': event('contact.topics.updated', {
      email: text,
      topics: listOf(z.looseObject({ id: text, subscription: openEnum('opt_in', 'opt_out') })),
    }),

    'domain.created': domain('domain.created'),
    'domain.updated': domain('domain.updated'),
    'domain.deleted': domain('domain.deleted'),

    'suppression.added': suppression('suppression.added'),
    'suppression.removed': suppression('suppression.removed'),

    'topic.created': topic('topic.created'),
    'topic.updated': topic('topic.updated'),
    'topic.deleted': topic('topic.deleted'),

    'inbox.created': inbox('inbox.created'),
    'inbox.updated': inbox('inbox.updated'),
    'inbox.deleted': inbox('inbox.deleted'),
    'inbox.thread.created': thread('inbox.thread.created', {}),
    'inbox.thread.folder.updated': thread('inbox.thread.folder.updated', { from: text.nullish(), to: text.nullish() }),
    'inbox.thread.assigned': thread('inbox.thread.assigned', {
      assignee_email: text.nullish(),
      assigned_by_email: text.nullish(),
      previous_assignee_email: text.nullish(),
    }),
    'inbox.thread.unassigned': thread('inbox.thread.unassigned', { previous_assignee_email: text.nullish() }),
    'inbox.thread.labels.updated': thread('inbox.thread.labels.updated', {
      added: listOf(z.unknown()),
      removed: listOf(z.unknown()),
    }),
    'inbox.email.received': thread('inbox.email.received', { email_id: text, email: part }),
    'inbox.email.sent': thread('inbox.email.sent', { email_id: text, email: part }),
    'inbox.draft.created': draft('inbox.draft.created'),
    'inbox.draft.updated': draft('inbox.draft.updated'),
    'inbox.draft.sent': event('inbox.draft.sent', {
      source,
      inbox_id: text,
      thread_id: text.nullish(),
      email_id: text.optional(),
      draft_id: text,
      thread: part,
      draft: part,
    }),
    'inbox.draft.deleted': draft('inbox.draft.deleted'),
  }
}
