import type { InboxKitEvents } from './index.js'

const team = {
  timestamp: '2024-01-10T16:45:30.456Z',
  team_id: 'ABC-123-DEF-TEAM',
  team_name: 'Marketing Team',
}

const onboarding = {
  previous_status: 'queued',
  status_text: 'Waiting for the consent of the workspace administrator',
  status_reason: null,
  consent_url: 'https://example.com/oauth-consent',
  domain_name: 'yourdomain.com',
}

/** The example of the provider's documents, or samples made from its tables. */
export const inboxKitSamples: InboxKitEvents = {
  'mailbox.status_changed': {
    event: 'mailbox.status_changed',
    ...team,
    data: {
      mailbox: {
        uid: 'ABC-123-DEF-MAILBOX',
        email: 'jane.doe@yourdomain.com',
        username: 'jane.doe',
        first_name: 'Jane',
        last_name: 'Doe',
        profile_picture: '',
        status: 'active',
        previous_status: 'configuring_auth',
        platform: 'GOOGLE',
        renewal_date: '2025-01-10T00:00:00.000Z',
        renewal_status: 'na',
        is_admin: false,
        password: 'Mb!xyzAB8921',
        app_password: 'app-Xy9!pq7M',
        secret: '',
        is_add_on: false,
      },
      metadata: {
        updated_at: '2024-01-10T16:45:30.456Z',
        workspace_id: 'ABC-123-DEF-WORKSPACE',
        domain_id: 'ABC-123-DEF-DOMAIN-ID',
        domain_name: 'yourdomain.com',
      },
    },
  },

  'domain.status_changed': {
    event: 'domain.status_changed',
    ...team,
    data: {
      domain: {
        uid: 'ABC-123-DEF-DOMAIN-ID',
        name: 'yourdomain.com',
        tld: 'com',
        status: 'active',
        previous_status: 'waiting_for_dns_propagation',
        dns_propagation_status: 'propagated',
        nameservers: ['ns1.example.com', 'ns2.example.com'],
        renewal_date: '2025-01-10T00:00:00.000Z',
        renewal_status: 'na',
        registration_years: 1,
      },
    },
  },

  'consent_request.status_changed': {
    event: 'consent_request.status_changed',
    ...team,
    data: { consent_request: { uid: 'ABC-123-DEF-CONSENT', status: 'pending', ...onboarding } },
  },

  'client_id_request.status_changed': {
    event: 'client_id_request.status_changed',
    ...team,
    data: { client_id_request: { uid: 'ABC-123-DEF-CLIENT-ID', status: 'processing', ...onboarding } },
  },
}
