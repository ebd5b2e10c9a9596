import type { ClaimLock, StoreLock } from '../claim/claim-lock.js'
import { lockBoth } from '../claim/lock-both.js'
import type { WebhookError } from '../errors.js'
import type { WebhookRequest } from '../request/webhook-request.js'
import type { ArrivedEvent } from './arrived-event.js'
import { type ClaimedByTicket, claimByTicket, type TicketArrival, type TicketTerms } from './claim-by-ticket.js'
import type { EntryRun } from './entry-run.js'
import { type ArrivalTerms, type RecordedArrival, recordArrival, recordRefused } from './record-arrival.js'
import type { Recorder } from './recorder.js'
import { TICKET_HEADER } from './ticket.js'

/** The steps that a journal adds to a receiver. A receiver without a journal brings none of their code along. */
export interface ReceiverSteps {
  readonly recorder: Recorder
  /** Returns whether a request is a replay ticket. */
  isTicket(request: WebhookRequest): boolean
  claimByTicket(arrival: TicketArrival, terms: TicketTerms): Promise<ClaimedByTicket>
  recordArrival(arrived: ArrivedEvent, terms: ArrivalTerms): Promise<RecordedArrival>
  recordRefused(arrived: ArrivedEvent, error: WebhookError): Promise<boolean>
  /** Returns the lock of a delivery: a durable journal decides; one in memory only follows the store. */
  lockOf(run: EntryRun | undefined, storeLock: StoreLock | undefined): ClaimLock | undefined
}

export function receiverSteps(recorder: Recorder): ReceiverSteps {
  const { isDurable } = recorder
  return {
    recorder,
    isTicket: (request) => request.header(TICKET_HEADER) !== undefined,
    claimByTicket: (arrival, terms) => claimByTicket(recorder, arrival, terms),
    recordArrival: (arrived, terms) => recordArrival(recorder, arrived, terms),
    recordRefused: (arrived, error) => recordRefused(recorder, arrived, error),
    lockOf(run, storeLock) {
      if (run === undefined || storeLock === undefined) return isDurable ? run : storeLock
      return isDurable ? lockBoth(run, storeLock) : lockBoth(storeLock, run)
    },
  }
}
