// A comment needs an empty line below it. Otherwise sorting the exports moves the comment with the next line.

// Receiving

export type { ErrorCode, Issue } from './errors.js'
export { WebhookError } from './errors.js'
export type { OutcomeLogger } from './outcome/log-outcomes.js'
export { logOutcomes } from './outcome/log-outcomes.js'
export type {
  DeliveryObserver,
  DeliveryStep,
  ObservedDelivery,
  TraceContext,
  WorkerRun,
} from './outcome/observer.js'
export type { Outcome, OutcomeKind, OutcomeListener } from './outcome/outcome.js'
export type { HandOff, HandOffTerms } from './queue/hand-off.js'
export type { Health, HealthOptions, PartHealth, ProviderHealth } from './receiver/health.js'
export type { Accepted, Answered, Receiver, Reception } from './receiver/receiver.js'
export { createReceiver } from './receiver/receiver.js'
export type { ReceiverOptions } from './receiver/receiver-options.js'

// For handlers

export type { Delivery, DeliveryFrom, DeliveryOf } from './delivery/delivery.js'
export type { Register, RegisteredDelivery } from './delivery/register.js'
export type { DispatchHandlers, Narrowed } from './event/dispatch.js'
export { dispatch } from './event/dispatch.js'
export type { AnyEvent, EventOf, KnownEvent, NamedEvent, UnknownEvent } from './event/event.js'

// Providers

export type { AgentMailEvents, AgentMailOptions } from './providers/agentmail/index.js'
export { agentMail } from './providers/agentmail/index.js'
export type { ColdMailResellerEvents, ColdMailResellerOptions } from './providers/cold-mail-reseller/index.js'
export { coldMailReseller } from './providers/cold-mail-reseller/index.js'
export type { ProviderDefinition } from './providers/define-provider.js'
export { defineProvider } from './providers/define-provider.js'
export type { InboxKitEvents, InboxKitOptions } from './providers/inboxkit/index.js'
export { inboxKit } from './providers/inboxkit/index.js'
export type { OpenMailEvents, OpenMailOptions } from './providers/openmail/index.js'
export { openMail } from './providers/openmail/index.js'
export type { PayloadsOf } from './providers/payloads-of.js'
export type {
  BodyFormat,
  DescribedAbout,
  EventDescription,
  EventSchemas,
  Examined,
  Handshake,
  JsonObject,
  Provider,
  RetryRules,
  SignedParts,
  SigningScheme,
} from './providers/provider.js'
export type { ResendEvents, ResendOptions } from './providers/resend/index.js'
export { resend } from './providers/resend/index.js'
export { secretHeaders } from './providers/secret-headers.js'
export type { StandardWebhooksOptions } from './providers/standard-webhooks/index.js'
export { standardWebhooks } from './providers/standard-webhooks/index.js'
export type { Algorithm } from './signature/algorithms.js'
export type { ContentPart } from './signature/content.js'
export type { SignatureEncoding } from './signature/decode.js'
export type { KeyForm } from './signature/key-form.js'
export type { HeaderFamily, SignaturePlace, TimePlace } from './signature/places.js'
export type { ContentReading, Reading, SecretReading, SignedReading, TokenReading } from './signature/readings.js'
export type { Secret, SecretsOption } from './signature/secrets.js'
export type { Proof, SignatureOptions } from './signature/signature.js'
export type { TimeFormat, TimestampOptions } from './signature/timestamp.js'
export type { Trust } from './signature/trust.js'

// Stores

export type { Claim, ClaimedEvent, CompleteOptions, DedupStore, HandledPosition } from './stores/dedup-store.js'
export type { MemoryStoreOptions } from './stores/memory/memory-store.js'
export { memoryStore } from './stores/memory/memory-store.js'

// The journal

export type { About } from './event/about.js'
export type { ArrivalAnswer, ArrivalStep, ArrivalStepName, JournalArrival } from './journal/arrival.js'
export type {
  Journal,
  JournalAttempt,
  JournalChange,
  JournalEntry,
  JournalFilter,
  JournalHandler,
  JournalPage,
  JournalQuery,
  JournalRefusal,
  JournalStats,
  JournalWorker,
  ReplayOptions,
  ReplayProgress,
  ReplayResult,
  WorkOptions,
} from './journal/journal.js'
export type { AttemptSource, EntryState } from './journal/journal-store.js'
export { type MemoryJournalOptions, memoryJournal } from './journal/memory-journal.js'

// For adapters

export { bodyAborted, bodyAlreadyRead, bodyTooLarge } from './errors.js'
export type { Answer } from './receiver/answer.js'
export { RECEIVED } from './receiver/answer.js'
export type { HeaderReader, RawHead, RequestHead, WebhookRequest } from './request/webhook-request.js'

// Debugging

export { type DiagnoseOptions, diagnose } from './diagnose/diagnose.js'
export type { ClockReading, Diagnosis, DiagnosisCode } from './diagnose/diagnosis.js'
export type { PrintedError } from './redaction/printed-error.js'
export { redact } from './redaction/redact.js'
