import { z } from 'zod'
import { listOf } from '../list-of.js'
import { openEnum } from '../open-enum.js'

/**
 * Returns the schemas. A field is required if both documented versions of its event have it and neither calls it nullable.
 * The older version has no credentials, platform or metadata.
 */
export const inboxKitSchemas = () => {
  const text = z.string()

  const event = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
    z.looseObject({
      event: z.literal(type),
      timestamp: text,
      team_id: text,
      team_name: text,
      data,
    })

  const renewalStatus = openEnum('na', 'pending', 'completed', 'failed', 'cancelled', 'permanent_failure')
  const requestStatus = openEnum('queued', 'pending', 'processing', 'completed', 'failed', 'errored', 'cancelled')

  /** One half of OAuth onboarding. More fields exist, but their content is unknown. */
  const onboardingRequest = z.looseObject({
    uid: text,
    status: requestStatus,
    previous_status: text.nullish(),
    status_text: text.nullish(),
    status_reason: text.nullish(),
    consent_url: text.nullish(),
    domain_name: text.nullish(),
  })

  return {
    'mailbox.status_changed': event(
      'mailbox.status_changed',
      z.looseObject({
        mailbox: z.looseObject({
          uid: text,
          email: text,
          username: text,
          first_name: text,
          last_name: text,
          profile_picture: text,
          status: openEnum(
            'pending',
            'processing',
            'waiting_for_dns_propagation',
            'waiting_for_activation_email',
            'activation_email_received',
            'configuring_workspace',
            'configuring_dns',
            'configuring_dkim',
            'configuring_auth',
            'finalizing_setup',
            'active',
            'inactive',
            'scheduled',
            'suspended',
            'failed',
            'renewal_failed',
            'scheduled_for_cancellation',
            'cancelled',
            'archived',
            'deleted',
          ),
          previous_status: text.nullish(),
          platform: openEnum('GOOGLE', 'MICROSOFT', 'AZURE', 'SMTP').optional(),
          renewal_date: text.nullish(),
          renewal_status: renewalStatus,
          is_admin: z.boolean(),
          /** Plain text. In all three fields, an empty text means that none is set. */
          password: text.optional(),
          app_password: text.optional(),
          secret: text.optional(),
          is_add_on: z.boolean().optional(),
        }),
        metadata: z
          .looseObject({ updated_at: text, workspace_id: text, domain_id: text, domain_name: text })
          .optional(),
      }),
    ),

    'domain.status_changed': event(
      'domain.status_changed',
      z.looseObject({
        domain: z.looseObject({
          uid: text,
          name: text,
          tld: text,
          status: openEnum(
            'cart',
            'registration_in_progress',
            'dns_setup_pending',
            'waiting_for_dns_propagation',
            'active',
            'inactive',
            'payment_failed',
            'cancelled',
            'deleted',
          ),
          previous_status: text.nullish(),
          dns_propagation_status: openEnum('pending', 'waiting', 'propagated', 'failed', 'errored'),
          nameservers: listOf(text),
          renewal_date: text.nullish(),
          renewal_status: renewalStatus,
          registration_years: z.number(),
        }),
      }),
    ),

    'consent_request.status_changed': event(
      'consent_request.status_changed',
      z.looseObject({ consent_request: onboardingRequest }),
    ),
    'client_id_request.status_changed': event(
      'client_id_request.status_changed',
      z.looseObject({ client_id_request: onboardingRequest }),
    ),
  }
}
