export { type BeginDecision, decideBegin, type KnownEntry } from './journal/decide-begin.js'
export type {
  AttemptRow,
  AttemptSource,
  Begun,
  Ending,
  EntryRow,
  EntryState,
  Erasing,
  FullRow,
  JournalStore,
  NewAttempt,
  NewEntry,
  RefusalRow,
  Rerun,
  RerunBegun,
  RowQuery,
  SealedParts,
  StatsRow,
  TakenRow,
  Taking,
} from './journal/journal-store.js'
export { type MemoryJournalStoreOptions, memoryJournalStore } from './journal/memory-journal-store.js'
