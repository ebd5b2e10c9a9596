import type { OpenMailEvents } from './index.js'

const inbox = { inbox_id: 'inb_92ma7x1kq', inbox_address: 'support@yourdomain.com', pod_id: 'pod_4fk28s0d' }

const pod = { inbox_id: null, inbox_address: null, pod_id: 'pod_4fk28s0d' }

/** Samples made from the tables of the provider's documents, which show no complete event. */
export const openMailSamples: OpenMailEvents = {
  'message.received': {
    event: 'message.received',
    event_id: 'evt_7c0f1d2ab934',
    occurred_at: '2026-07-03T09:15:27.118Z',
    delivered_at: '2026-07-03T09:15:27.640Z',
    attempt: 1,
    inbox_id: 'inb_92ma7x1kq',
    thread_id: 'thr_5d81b2c6',
    message: {
      id: 'msg_0e4c7a19',
      rfc_message_id: '<CAF3k2@mail.example.com>',
      from: 'Ada Byron <ada@example.com>',
      to: 'support@yourdomain.com',
      cc: ['charles@example.com'],
      subject: 'Invoice 2026-114',
      body_text: 'Hello,\n\nplease find the invoice attached.\n\nAda',
      attachments: [
        {
          filename: 'invoice-2026-114.pdf',
          contentType: 'application/pdf',
          sizeBytes: 48_213,
          url: 'https://example.com/attachments/att_31b7',
          parsedText: 'Invoice 2026-114\nTotal: 120.00 €',
          extractionMethod: 'pdf',
        },
      ],
      received_at: '2026-07-03T09:15:26.902Z',
    },
  },

  'inbox.suspended': {
    event: 'inbox.suspended',
    event_id: 'evt_c83e5f60d1b2',
    occurred_at: '2026-07-03T10:02:11.340Z',
    ...inbox,
    reason: 'high_bounce_rate',
  },

  'inbox.reactivated': {
    event: 'inbox.reactivated',
    event_id: 'evt_1f9a0c47e865',
    occurred_at: '2026-07-04T08:30:00.015Z',
    ...inbox,
    reason: null,
  },

  'pod.suspended': {
    event: 'pod.suspended',
    event_id: 'evt_58d2b7e3a90c',
    occurred_at: '2026-07-03T10:05:47.002Z',
    ...pod,
    reason: 'pod_degraded',
  },

  'pod.reactivated': {
    event: 'pod.reactivated',
    event_id: 'evt_e40b96c17f5d',
    occurred_at: '2026-07-04T08:31:12.777Z',
    ...pod,
    reason: null,
  },
}
