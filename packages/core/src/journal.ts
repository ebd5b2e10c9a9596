// The parts of a journal

export type { ArrivalRecord } from './journal/arrival.js'
export { createJournal, type JournalKind } from './journal/create-journal.js'
export { type BeginDecision, decideBegin, type KnownEntry } from './journal/decide-begin.js'
export {
  type Exchange,
  type ExchangeOptions,
  exchangeRecorder,
  OTHER_HEADER,
  type PassingRequest,
} from './journal/exchange-recorder.js'
export { JOURNAL_RULES, type JournalOptions } from './journal/journal-options.js'
export type * from './journal/journal-store.js'
export type { KnownProvider } from './journal/known-receivers.js'
export { type MemoryJournalStoreOptions, memoryJournalStore } from './journal/memory-journal-store.js'
export { knownProvidersOf } from './journal/recorded-journal.js'
export { TICKET_HEADER } from './journal/ticket.js'
export type { Defined } from './providers/definitions.js'
