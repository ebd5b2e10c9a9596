import { createHmac, hkdfSync } from 'node:crypto'
import { TICKET_HEADER } from '@mailbox-hooks/core/journal'

/** The keys of the journals under test. */
export const sealingKeys = [Buffer.alloc(32, 1)]

/** What a ticket says, in this order. */
export type TicketTerms = [version: number, journalId: string, id: string, attempts: number, seconds: number]

/** A ticket as the receiver of the test would make it, or of another key. */
function ticketOf(terms: TicketTerms, key: Uint8Array = sealingKeys[0]!): string {
  const content = Buffer.from(JSON.stringify(terms)).toString('base64url')
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'mailbox-hooks ticket 1', 32))
  return `${content}.${createHmac('sha256', derived).update(content).digest('base64url')}`
}

interface Given {
  readonly ticket: string
  readonly terms: TicketTerms
}

interface WrongTicket {
  readonly what: string
  wrongly(given: Given): { readonly headers: Record<string, string>; readonly body?: string }
}

const by = (ticket: string) => ({ headers: { [TICKET_HEADER]: ticket } })

/** Changes some of the terms, with the right MAC. */
const changed = (terms: TicketTerms, changes: Readonly<Record<number, unknown>>) =>
  terms.map((term, index) => changes[index] ?? term) as TicketTerms

/** Tickets that a receiver refuses, each with one thing wrong. */
export const WRONG_TICKETS: readonly WrongTicket[] = [
  { what: 'whose MAC is changed', wrongly: ({ ticket }) => by(`${ticket.slice(0, -4)}AAAA`) },
  {
    what: 'that is changed to another entry',
    wrongly: ({ ticket, terms }) => {
      const [content] = ticketOf(changed(terms, { 2: 'openmail:evt_2' })).split('.')
      return by(`${content}.${ticket.split('.')[1]}`)
    },
  },
  { what: 'of another key', wrongly: ({ terms }) => by(ticketOf(terms, Buffer.alloc(32, 7))) },
  { what: 'of another journal', wrongly: ({ terms }) => by(ticketOf(changed(terms, { 1: '0'.repeat(32) }))) },
  { what: 'that is too old', wrongly: ({ terms }) => by(ticketOf(changed(terms, { 4: terms[4] - 62 }))) },
  { what: 'from the future', wrongly: ({ terms }) => by(ticketOf(changed(terms, { 4: terms[4] + 120 }))) },
  { what: 'that is sent twice at once', wrongly: ({ ticket }) => by(`${ticket}, ${ticket}`) },
  { what: 'with a body', wrongly: ({ ticket }) => ({ ...by(ticket), body: '{}' }) },
]
