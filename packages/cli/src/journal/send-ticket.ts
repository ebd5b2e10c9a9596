import { TICKET_HEADER } from '@mailbox-hooks/core/journal'
import { EXIT, Failure } from '../failure.js'

/** What a receiver made of a ticket. */
export interface TicketAnswer {
  readonly status: number
  readonly isHandled: boolean
  /** The error code of a refusal. */
  readonly code: string | undefined
}

/** Sends a ticket to a receiver. Throws when it does not answer. */
export async function sendTicket(to: URL, ticket: string): Promise<TicketAnswer> {
  let response: Response
  try {
    response = await fetch(to, { method: 'POST', headers: { [TICKET_HEADER]: ticket }, redirect: 'manual' })
  } catch (cause) {
    const { message, code } = ((cause as Error).cause ?? cause) as { message?: string; code?: string }
    throw new Failure(`${to.origin} does not answer: ${code ?? message}`, EXIT.unreachable)
  }
  const text = await response.text()
  return { status: response.status, isHandled: response.ok, code: codeIn(text) }
}

function codeIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return typeof error === 'string' ? error : undefined
  } catch {
    // The handler's own answer need not be JSON.
    return undefined
  }
}
