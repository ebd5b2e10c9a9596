import { randomUUID } from 'node:crypto'
import { dedupKey } from '../claim/dedup-key.js'
import { type ErrorCode, signatureInvalid, WebhookError } from '../errors.js'
import { ReceivedUnknownEvent } from '../event/received-event.js'
import { recognizeEvent } from '../event/recognize-event.js'
import type { Examined, Provider } from '../providers/provider.js'
import type { RawHead, WebhookRequest } from '../request/webhook-request.js'
import type { Proof } from '../signature/signature.js'
import { Timeouts } from '../timeouts.js'
import type { ArrivalAnswer, ArrivalRecord } from './arrival.js'
import type { ArrivedEvent } from './arrived-event.js'
import type { Journal } from './journal.js'
import { RECEIVER_STEPS, type RecordedJournal } from './recorded-journal.js'
import type { Recorder } from './recorder.js'

/** A request that passes by on its way to an application. */
export interface PassingRequest extends RawHead {
  readonly method: string
  /** The headers by their lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A request that was passed on, and waits for its answer. */
export interface Exchange {
  /** The provider by its headers, and the type of the event as far as the body tells. */
  readonly provider?: string | undefined
  readonly type?: string | undefined
  /** Why a receiver would refuse it. Undefined if it verifies, or if no secret is known. */
  readonly code?: ErrorCode | undefined
  /** Whether a secret is known, and the signature matches it. */
  readonly isVerified: boolean
  /** Records the answer. Undefined where the application gave none. */
  end(answer: ArrivalAnswer | undefined): Promise<void>
}

export interface ExchangeOptions {
  /** The providers with the secrets that are known. */
  readonly providers: readonly Provider[]
  /** The providers whose secret is not known: their deliveries are recognised, and nothing is proven. */
  readonly unproven: readonly Provider[]
  /** Stands for senders whose headers no provider has. */
  readonly other: Provider
}

/** As long as anybody waits for an answer. */
const LEASE_MS = 600_000

/**
 * Writes into a journal in memory what passes by on its way to an application, for a tool that stands in front of it. It
 * decides nothing: what the application answers makes an event handled, failed or refused.
 */
export function exchangeRecorder(journal: Journal, options: ExchangeOptions) {
  const terms = { timeoutMs: 3_000, timeouts: new Timeouts(), providers: options.providers }
  const { recorder } = (journal as RecordedJournal)[RECEIVER_STEPS](terms)
  return {
    begin: (request: PassingRequest): Promise<Exchange> => begin(request, options, recorder, journal.namespace),
  }
}

interface Found {
  readonly provider: Provider
  readonly proof?: Proof | undefined
  readonly sentAtMs?: number | undefined
  readonly error?: WebhookError | undefined
}

async function begin(
  request: PassingRequest,
  options: ExchangeOptions,
  recorder: Recorder,
  namespace: string,
): Promise<Exchange> {
  const reader = asRequest(request)
  const record = recorder.record(reader)
  if (record !== undefined) record.body = request.body
  record?.mark('arrived')
  const found = findProvider(reader, request.body, options)
  const { proof, error } = found
  if (proof !== undefined) record?.mark('verified')
  const arrived = await arrivedEvent(found, request, namespace, record)
  if (arrived !== undefined) record?.mark('recognized')
  // What an application may yet refuse is no event before its answer.
  const isEvent = error === undefined && arrived !== undefined && found.provider !== options.other
  const recorded = isEvent && (await recorder.begin(arrived, 'received', LEASE_MS))
  const known = found.provider === options.other ? undefined : found.provider.name

  async function end(answer: ArrivalAnswer | undefined): Promise<void> {
    const status = answer?.status ?? 0
    const isHandled = status >= 200 && status < 300
    const code = isHandled ? undefined : (error?.code ?? (known === undefined ? 'provider_unknown' : undefined))
    if (record !== undefined) {
      record.answer = answer
      record.mark('handler')
      record.mark('answered')
      record.found = {
        status,
        reading: proof?.reading,
        secret: proof?.secret,
        message: isHandled ? undefined : error?.message,
      }
    }
    const isRefused = code !== undefined || arrived === undefined
    if (isRefused && recorded === false) {
      const { method, headers, body } = request
      recorder.refusals.add({ code: code ?? 'body_invalid', provider: known, method, headers, body, record })
      return
    }
    const begun = recorded || (await recorder.begin(arrived!, 'received', LEASE_MS))
    if (begun.status !== 'begun') {
      const durationMs = record?.steps.at(-1)?.endedAtMs ?? 0
      const kind = isHandled ? 'handled' : 'failed'
      return recorder.note(arrived!.key, { kind, status, code, durationMs, record }, undefined)
    }
    begun.run.describe({ status, code, keyId: '' })
    await (isHandled ? begun.run.complete() : begun.run.release())
  }

  return { provider: known, type: arrived?.type, code: error?.code, isVerified: proof !== undefined, end }
}

function asRequest({ method, url, headers, body, rawHeaders, local }: PassingRequest): WebhookRequest {
  return {
    method,
    url,
    header: (name) => headers[name],
    headers: () => headers,
    rawHead: () => ({ url, rawHeaders, local }),
    readBody: async () => body,
    isOpenEnded: () => false,
  }
}

/** The first that verifies; else the first whose headers are there. */
function findProvider(
  request: WebhookRequest,
  body: Uint8Array,
  { providers, unproven, other }: ExchangeOptions,
): Found {
  let refused: Found | undefined
  for (const provider of providers) {
    const found = verify(provider, request, body)
    if (found?.proof !== undefined) return found
    refused ??= found
  }
  if (refused !== undefined) return refused
  for (const provider of unproven) {
    const examined = quietly(() => provider.examine(request, Date.now()))
    const isNamed = provider.signatureHeader !== '' && request.header(provider.signatureHeader) !== undefined
    if (examined !== undefined || isNamed) return { provider, sentAtMs: examined?.sentAtMs }
  }
  return { provider: other }
}

function verify(provider: Provider, request: WebhookRequest, body: Uint8Array): Found | undefined {
  let examined: Examined | undefined
  try {
    examined = provider.examine(request, Date.now())
    if (examined === undefined) return undefined
    const proof = provider.verify(examined, request, body)
    if (proof === undefined) return { provider, error: signatureInvalid() }
    return { provider, proof, sentAtMs: proof.sentAtMs ?? examined.sentAtMs, error: examined.refusal }
  } catch (error) {
    if (error instanceof WebhookError) return { provider, error }
    throw error
  }
}

/** The event, as far as the body can be read. Undefined if it cannot. */
async function arrivedEvent(
  { provider, proof, sentAtMs }: Found,
  { headers, body, method, url = '' }: PassingRequest,
  namespace: string,
  record: ArrivalRecord | undefined,
): Promise<ArrivedEvent | undefined> {
  const parsed = quietly(() => provider.parse(body))
  const isOther = provider.signatureHeader === OTHER_HEADER
  const payload = parsed?.items === undefined ? parsed?.payload : parsed.items[0]?.payload
  if (payload === undefined && !isOther) return undefined
  const parts = { payload: payload ?? {}, body, headers: { header: (name: string) => headers[name] } }
  const recognized = await recognizeEvent(provider, parts)
  const owner = { namespace, provider: provider.name, account: provider.account }
  // Of others nobody knows whether the same bytes are the same event.
  const key = dedupKey(owner, isOther ? randomUUID() : recognized.eventId)
  const name = recognized.type ?? `${method} ${url.split('?', 1)[0]}`
  const other = new ReceivedUnknownEvent({ name, payload: parts.payload, issues: undefined }, [])
  const now = Date.now()
  const same = { ...recognized, key, provider, headers, body, record, trace: undefined }
  const proven = proof ?? { trust: 'sender', reading: '' }
  const event = isOther ? other : recognized.event
  return { ...same, type: isOther ? name : recognized.type, event, proof: proven, sentAtMs, receivedAtMs: now }
}

/** The header by which nobody is recognised. */
export const OTHER_HEADER = 'x-of-nobody'

function quietly<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof WebhookError || error instanceof TypeError) return undefined
    throw error
  }
}
