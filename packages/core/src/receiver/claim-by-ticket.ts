import { HeldClaim } from '../claim/held-claim.js'
import { entryInUse, entryNotFound, payloadInvalid, providerUnknown, ticketSpent, WebhookError } from '../errors.js'
import { recognizeEvent } from '../event/recognize-event.js'
import { unpackContent } from '../journal/entry-parts.js'
import { readMeta } from '../journal/read-entry.js'
import type { Recorder, Rerunning } from '../journal/recorder.js'
import { readTicket, TICKET_HEADER, type Ticket } from '../journal/ticket.js'
import type { Provider } from '../providers/provider.js'
import { parseJson } from '../request/parse-json.js'
import type { Claimed, ClaimTools } from './claim-event.js'
import type { Arrival } from './verify.js'

/**
 * Claims the entry that a replay ticket names. The ticket is checked before anything is read from the database, and a
 * wrong one is answered as an unknown sender. Throws `entry_not_found`, `entry_in_use` and `ticket_spent`.
 */
export async function claimByTicket(arrival: Arrival, tools: ClaimTools, recorder: Recorder): Promise<Claimed> {
  // A ticket that is refused is no attempt of an entry, and no delivery of a provider.
  arrival.report.noteRecorded()
  const ticket = await verifyTicket(arrival, tools, recorder)
  arrival.report.enter('claim')
  const entry = await recorder.read(ticket.id)
  const provider = entry && tools.settings.providers.find(isOf(entry))
  if (provider === undefined) throw entryNotFound()
  arrival.report.note({ provider: provider.name, account: provider.account, id: ticket.id })
  const begun = await recorder.rerun(ticket.id, ticket.attempts, tools.settings.leaseMs)
  if (begun.status === 'in-flight') throw entryInUse()
  if (begun.status === 'spent') throw ticketSpent()
  if (begun.status !== 'begun') throw entryNotFound()
  return hold(begun, provider, arrival, tools)
}

async function verifyTicket(
  { request, receivedAtMs }: Arrival,
  { settings }: ClaimTools,
  recorder: Recorder,
): Promise<Ticket> {
  const ticket = readTicket(request.header(TICKET_HEADER) ?? '', recorder.ticketKeys, receivedAtMs)
  const isDelivery = settings.providers.some(({ signatureHeader }) => request.header(signatureHeader) !== undefined)
  if (ticket === undefined || isDelivery || !(await isEmpty(request))) throw providerUnknown()
  if (ticket.journalId !== (await recorder.journalId())) throw providerUnknown()
  return ticket
}

async function isEmpty(request: Arrival['request']): Promise<boolean> {
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
  { report }: Arrival,
  { settings, timeouts, recorder }: ClaimTools,
): Promise<Claimed> {
  const { leaseMs, maxHandlerMs = provider.retries.maxHandlerMs } = settings
  const onTimeUp = (isHandled: boolean | undefined) => report.report(isHandled ? 'handled' : 'abandoned', 0)
  const held = new HeldClaim({ lock: run, timeouts, leaseMs, maxHandlerMs, onCompleted: undefined, onTimeUp })
  try {
    const meta = readMeta(sealer, row)
    const { headers, body } = unpackContent(sealer.open('content', row.hash, row.keyId, row.content))
    const reader = { header: (name: string) => headers[name] }
    const event = await recognizeEvent(provider, { payload: parseJson(body), body, headers: reader })
    report.note({ type: event.event.type, trust: meta.trust })
    report.notePayload(event.event.payload, provider.credentials)
    if (event.issues !== undefined && settings.invalid === 'reject') {
      throw payloadInvalid(event.type ?? 'unknown', event.issues)
    }
    const proof = { trust: meta.trust, reading: '' }
    const verified = { provider, proof, sentAtMs: meta.sentAt, body }
    const { entity, occurredAtMs } = event
    const stale = settings.ordering ? await recorder?.isStale({ provider, entity, occurredAtMs }) : undefined
    const replay = { receivedAtMs: meta.receivedAt, number: row.number }
    return { recognized: { ...event, verified, key: meta.id }, id: meta.id, held, run, stale, replay }
  } catch (error) {
    const { status, code } = error instanceof WebhookError ? error : { status: 500, code: undefined }
    run.describe({ status, code, keyId: '' })
    await held.settle(false)
    throw error
  }
}
