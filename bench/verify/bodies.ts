export interface Body {
  readonly size: string
  readonly text: 'ASCII' | 'not ASCII'
  readonly bytes: Buffer
  /** The same with one letter of the message changed. */
  readonly forged: Buffer
}

const SIZES = { '0.7 kB': 700, '8 kB': 8 * 1024, '64 kB': 64 * 1024, '1 MB': 1024 * 1024 }

const TEXTS = {
  ASCII: 'Hello Ada, the invoice for March is attached. Please have a look at it before Friday. ',
  'not ASCII': 'Grüße aus Zürich, die Rechnung über 40 € liegt bei. お元気ですか。Спасибо! 🙂 ',
} as const

/** OpenMail's `message.received`, by far the largest of the providers' events, in each size and with each text. */
export function bodies(): readonly Body[] {
  return Object.entries(SIZES).flatMap(([size, length]) =>
    (['ASCII', 'not ASCII'] as const).map((text) => {
      const bytes = messageReceived('evt_1', TEXTS[text], length)
      const forged = Buffer.from(bytes)
      forged[forged.indexOf('Subject')] = 's'.charCodeAt(0)
      return { size, text, bytes, forged }
    }),
  )
}

/** The event as JSON of exactly so many bytes, where the text allows it. */
export function messageReceived(id: string, sentence: string, length: number): Buffer {
  const empty = Buffer.byteLength(json(id, ''))
  const times = Math.floor((length - empty) / Buffer.byteLength(sentence))
  const text = sentence.repeat(Math.max(0, times))
  return Buffer.from(json(id, text.padEnd(text.length + length - empty - Buffer.byteLength(text), '.')))
}

const json = (id: string, text: string) =>
  JSON.stringify({
    event: 'message.received',
    event_id: id,
    occurred_at: '2026-03-01T09:00:00.000Z',
    delivered_at: '2026-03-01T09:00:01.000Z',
    attempt: 1,
    inbox_id: 'inb_92f1',
    external_id: 'customer_42',
    thread_id: 'thr_5d21',
    message: {
      id: 'msg_7e0c',
      from: 'Ada <ada@example.com>',
      to: 'sales@example.com',
      cc: ['grace@example.com'],
      subject: 'Subject',
      body_text: text,
      attachments: [],
      received_at: '2026-03-01T09:00:00.000Z',
    },
  })
