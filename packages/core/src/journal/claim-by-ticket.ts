import { HeldClaim } from '../claim/held-claim.js'
import { entryInUse, entryNotFound, payloadInvalid, providerUnknown, ticketSpent, WebhookError } from '../errors.js'
import { type RecognizedEvent, recognizeEvent } from '../event/recognize-event.js'
import type { DeliveryStep } from '../outcome/observer.js'
import type { OutcomeKind } from '../outcome/outcome.js'
import type { Provider } from '../providers/provider.js'
import { parseJson } from '../request/parse-json.js'
import type { WebhookRequest } from '../request/webhook-request.js'
import { isSigned } from '../signature/is-signed.js'
import type { Proof } from '../signature/signature.js'
import type { Timeouts } from '../timeouts.js'
import { unpackContent } from './entry-parts.js'
import type { EntryRun } from './entry-run.js'
import { readMeta } from './read-entry.js'
import type { Recorder, Rerunning } from './recorder.js'
import { readTicket, TICKET_HEADER, type Ticket } from './ticket.js'

/** A request that carries a ticket, with the report that collects the notes of its steps. */
export interface TicketArrival {
  readonly request: WebhookRequest
  readonly receivedAtMs: number
  readonly report: {
    enter(step: DeliveryStep): void
    note(facts: TicketNotes): void
    notePayload(payload: unknown, credentials: readonly string[]): void
    noteRecorded(): void
    report(kind: OutcomeKind, status: number): void
  }
}

interface TicketNotes {
  readonly provider?: string
  readonly account?: string | undefined
  readonly id?: string
  readonly type?: string
  readonly trust?: Proof['trust']
}

/** The options of the receiver that a ticket is bound by. */
export interface TicketTerms {
  readonly providers: readonly Provider[]
  readonly leaseMs: number
  readonly maxHandlerMs?: number | undefined
  readonly invalid: 'reject' | 'deliver'
  readonly ordering: boolean
  readonly timeouts: Timeouts
}

/** An entry whose run a ticket has begun. */
export interface ClaimedByTicket {
  readonly recognized: RecognizedEvent & {
    readonly verified: {
      readonly provider: Provider
      readonly proof: Proof
      readonly sentAtMs: number | undefined
      readonly body: Uint8Array
    }
    readonly key: string
  }
  readonly id: string
  readonly held: HeldClaim
  readonly run: EntryRun
  readonly stale: boolean | undefined
  readonly replay: { readonly receivedAtMs: number; readonly number: number }
}

/**
 * Claims the entry that a replay ticket names. The ticket is checked before anything is read from the database, and a
 * wrong one is answered as an unknown sender. Throws `entry_not_found`, `entry_in_use` and `ticket_spent`.
 */
export async function claimByTicket(
  recorder: Recorder,
  arrival: TicketArrival,
  terms: TicketTerms,
): Promise<ClaimedByTicket> {
  // A ticket that is refused is no attempt of an entry, and no delivery of a provider.
  arrival.report.noteRecorded()
  const ticket = await verifyTicket(arrival, terms, recorder)
  arrival.report.enter('claim')
  const entry = await recorder.read(ticket.id)
  const provider = entry && terms.providers.find(isOf(entry))
  if (provider === undefined) throw entryNotFound()
  arrival.report.note({ provider: provider.name, account: provider.account, id: ticket.id })
  const begun = await recorder.rerun(ticket.id, ticket.attempts, terms.leaseMs)
  if (begun.status === 'in-flight') throw entryInUse()
  if (begun.status === 'spent') throw ticketSpent()
  if (begun.status !== 'begun') throw entryNotFound()
  return hold(begun, provider, arrival, terms, recorder)
}

async function verifyTicket(
  { request, receivedAtMs }: TicketArrival,
  { providers }: TicketTerms,
  recorder: Recorder,
): Promise<Ticket> {
  const ticket = readTicket(request.header(TICKET_HEADER) ?? '', recorder.ticketKeys, receivedAtMs)
  const isDelivery = isSigned(providers, request)
  if (ticket === undefined || isDelivery || !(await isEmpty(request))) throw providerUnknown()
  if (ticket.journalId !== (await recorder.journalId())) throw providerUnknown()
  return ticket
}

async function isEmpty(request: WebhookRequest): Promise<boolean> {
  try {
    return (await request.readBody(1)).length === 0
  } catch {
    return false
  }
}

const isOf = (entry: { provider: string; account: string | undefined }) => (provider: Provider) =>
  provider.name === entry.provider && provider.account === entry.account

async function hold(
  { run, row, sealer }: Extract<Rerunning, { status: 'begun' }>,
  provider: Provider,
  { report }: TicketArrival,
  terms: TicketTerms,
  recorder: Recorder,
): Promise<ClaimedByTicket> {
  const { timeouts, leaseMs, maxHandlerMs = provider.retries.maxHandlerMs } = terms
  const onTimeUp = (isHandled: boolean | undefined) => report.report(isHandled ? 'handled' : 'abandoned', 0)
  const held = new HeldClaim({ lock: run, timeouts, leaseMs, maxHandlerMs, onCompleted: undefined, onTimeUp })
  try {
    const meta = readMeta(sealer, row)
    const { headers, body } = unpackContent(sealer.open('content', row.hash, row.keyId, row.content))
    const reader = { header: (name: string) => headers[name] }
    const event = await recognizeEvent(provider, { payload: parseJson(body), body, headers: reader })
    report.note({ type: event.event.type, trust: meta.trust })
    report.notePayload(event.event.payload, provider.credentials)
    if (event.issues !== undefined && terms.invalid === 'reject') {
      throw payloadInvalid(event.type ?? 'unknown', event.issues)
    }
    const proof = { trust: meta.trust, reading: '' }
    const verified = { provider, proof, sentAtMs: meta.sentAt, body }
    const { entity, occurredAtMs } = event
    const stale = terms.ordering ? await recorder.isStale({ provider, entity, occurredAtMs }) : undefined
    const replay = { receivedAtMs: meta.receivedAt, number: row.number }
    return { recognized: { ...event, verified, key: meta.id }, id: meta.id, held, run, stale, replay }
  } catch (error) {
    const { status, code } = error instanceof WebhookError ? error : { status: 500, code: undefined }
    run.describe({ status, code, keyId: '' })
    await held.settle(false)
    throw error
  }
}
