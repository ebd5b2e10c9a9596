import { createReceiver, memoryJournal, openMail } from '@mailbox-hooks/core'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'
import type { Row, RowPage, StreamLine } from '../src/api.js'
import { openInspector } from '../src/index.js'
import { Client, closeLater, SECRETS } from './set-up.js'

/** A receiver without a socket, so that the load is that of the journal and the inspector. */
function receiverOf(journal: ReturnType<typeof memoryJournal> | undefined) {
  const receiver = createReceiver({ providers: [openMail({ secrets: [SECRETS.openMail] })], journal })
  return async (id: string) => {
    const { headers, body } = signedDelivery('openmail', 'message.received', {
      secret: SECRETS.openMail,
      payload: { event_id: id },
    })
    const reception = await receiver.receive({
      method: 'POST',
      url: '/webhooks',
      header: (name) => headers[name],
      headers: () => headers,
      readBody: async () => Buffer.from(body),
      isOpenEnded: () => false,
    })
    if (reception.answer === undefined) await reception.settle(200)
  }
}

async function open(maxEntries: number) {
  const journal = memoryJournal({ maxEntries })
  const inspector = await openInspector({ journal, port: 0 })
  closeLater(() => inspector.close())
  return { deliver: receiverOf(journal), client: await Client.of(inspector.url) }
}

/** Reads the lines of a stream until `isDone`. */
async function readStream(client: Client, onLine: (line: StreamLine) => boolean): Promise<void> {
  const end = new AbortController()
  const response = await fetch(`${client.origin}/api/stream`, { headers: client.headers, signal: end.signal })
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (lines.some((line) => onLine(JSON.parse(line)))) break
  }
  end.abort()
}

describe('the stream', () => {
  it('has 3,000 deliveries at 1,000 a second, the last one within a second', async () => {
    const { deliver, client } = await open(5_000)
    const seen = new Map<string, Row>()
    let lastSeenAt = 0
    let isOpen = () => {}
    const opened = new Promise<void>((resolve) => (isOpen = resolve))
    const reading = readStream(client, (line) => {
      isOpen()
      if (line.kind === 'rows') for (const row of line.rows) seen.set(row.key, row)
      lastSeenAt = performance.now()
      return seen.size === 3_000 && [...seen.values()].every(({ state }) => state === 'handled')
    })
    await opened
    const startedAt = performance.now()
    for (let number = 0; number < 3_000; number++) {
      await deliver(`evt_${number}`)
      const ahead = startedAt + number - performance.now()
      if (number % 20 === 0 && ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead))
    }
    const deliveredAt = performance.now()
    await reading
    expect(seen.size).toBe(3_000)
    expect(lastSeenAt - deliveredAt).toBeLessThan(1_000)
  })

  it('has only what the filter wants, and an overview after changes', async () => {
    const { deliver, client } = await open(100)
    const lines: StreamLine[] = []
    const reading = readStream(client, (line) => {
      lines.push(line)
      if (line.kind === 'ping') void deliver('evt_1')
      return line.kind === 'overview'
    })
    await reading
    expect(lines.map(({ kind }) => kind)).toEqual(['ping', 'rows', 'overview'])
    expect(await client.status('stream?state=lost')).toBe(400)
  })
})

describe('100,000 entries', () => {
  it('are paged from the newest to the oldest, each once, and a page takes no longer at the end', async () => {
    const { deliver, client } = await open(100_000)
    // A tenth in the ordinary run.
    const count = process.env.LONG ? 100_000 : 10_000
    for (let number = 0; number < count; number++) await deliver(`evt_${number}`)
    const seen = new Set<string>()
    const times: number[] = []
    let after: string | undefined = ''
    while (after !== undefined) {
      const startedAt = performance.now()
      const page: RowPage = await client.get(`rows?limit=500&after=${after}`)
      times.push(performance.now() - startedAt)
      for (const { key } of page.rows) seen.add(key)
      after = page.next
    }
    expect(seen.size).toBe(count)
    const median = (list: readonly number[]) => list.toSorted((one, other) => one - other)[list.length >> 1]!
    expect(median(times.slice(-5))).toBeLessThan(5 * median(times) + 20)
  })
})
