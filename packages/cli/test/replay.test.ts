import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { createReceiver, type Journal, openMail } from '@mailbox-hooks/core'
import { createJournal, memoryJournalStore } from '@mailbox-hooks/core/journal'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readTime } from '../src/journal/read-time.js'
import { replay } from '../src/journal/replay.js'

/** A journal in which events have failed one after the other. */
async function withFailures(...ids: readonly string[]): Promise<Journal> {
  const sealingKeys = [new Uint8Array(32).fill(1)]
  const journal = createJournal(memoryJournalStore(), { sealingKeys }, { owner: 'testJournal' })
  const receiver = createReceiver({ providers: [openMail({ secrets: ['key'] })], journal })
  for (const id of ids) {
    const sent = signedDelivery('openmail', 'message.received', { secret: 'key', payload: { event_id: id } })
    const reception = await receiver.receive({
      method: 'POST',
      header: (name) => sent.headers[name],
      readBody: async () => Buffer.from(sent.body),
      isOpenEnded: () => false,
    })
    if (reception.answer === undefined) await reception.settle(500)
  }
  return journal
}

/** A server that counts its requests, and answers each with a status. */
async function listen(status: number, headers: Record<string, string> = {}) {
  const tickets: unknown[] = []
  const server = createServer((request, response) => {
    tickets.push(request.headers['x-mailbox-hooks-replay'])
    response.writeHead(status, headers).end()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  return { to: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`, tickets }
}

async function replayed(journal: Journal, ids: readonly string[], options: Parameters<typeof replay>[2]) {
  const lines: string[] = []
  const channel = {
    isTerminal: false,
    line: (text = '') => void lines.push(stripVTControlCharacters(text).trim()),
    raw: () => undefined,
    style: (_format: unknown, text: string) => text,
  }
  const code = await replay(journal, ids, options, { stdout: channel, stderr: channel })
  return { code, lines }
}

describe('replay', () => {
  // A later event of a mailbox supersedes an earlier one.
  it('sends the tickets of what failed the oldest first', async () => {
    const { to } = await listen(200)
    const { code, lines } = await replayed(await withFailures('evt_1', 'evt_2', 'evt_3'), [], { state: 'failed', to })
    expect(code).toBe(0)
    expect(lines).toEqual([
      'handled  200  openmail:evt_1',
      'handled  200  openmail:evt_2',
      'handled  200  openmail:evt_3',
      '3 of 3 handled.',
    ])
  })

  it('sends the tickets of what was named in the order in which it was named', async () => {
    const { to } = await listen(200)
    const ids = ['openmail:evt_2', 'openmail:evt_1']
    const { lines } = await replayed(await withFailures('evt_1', 'evt_2'), ids, { to })
    expect(lines.slice(0, 2)).toEqual(ids.map((id) => `handled  200  ${id}`))
  })

  // Whoever is redirected to would hold a ticket that is still good.
  it('follows no redirection', async () => {
    const elsewhere = await listen(200)
    const { to, tickets } = await listen(307, { location: elsewhere.to })
    const { code, lines } = await replayed(await withFailures('evt_1'), ['openmail:evt_1'], { to })
    expect([code, lines[0]]).toEqual([1, 'failed   307  openmail:evt_1'])
    expect(tickets).toHaveLength(1)
    expect(elsewhere.tickets).toEqual([])
  })
})

describe('a time', () => {
  const NOW = Date.UTC(2026, 10, 28)
  it.each([
    ['90s', NOW - 90_000],
    ['30m', NOW - 30 * 60_000],
    ['2h', NOW - 2 * 3600_000],
    ['7d', NOW - 7 * 24 * 3600_000],
    ['0s', NOW],
    ['2026-11-27', NOW - 24 * 3600_000],
    ['2026-11-27T12:00Z', NOW - 12 * 3600_000],
  ])('may be written %s', (text, ms) => {
    expect(readTime(text, NOW)).toBe(ms)
  })

  it.each(['', '7', '7w', '-7d', '7d ago', 'yesterday', '2026', '2026-13-01', 'x2026-11-27'])('is not %j', (text) => {
    expect(() => readTime(text, NOW)).toThrow(`${JSON.stringify(text)} is not a time.`)
  })
})
