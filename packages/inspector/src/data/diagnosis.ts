import type { Diagnosis, Journal, JournalArrival, JournalRefusal } from '@mailbox-hooks/core'
import { diagnose } from '@mailbox-hooks/core'
import type { DiagnosisView } from '../api.js'
import { type ProviderBook, playedOf } from './provider-book.js'

/** So many diagnoses are remembered: each hashes the body some hundred times. */
const MAX_KNOWN = 200

/** Says why deliveries were refused, when somebody asks. */
export class Diagnoses {
  readonly #journal: Journal
  readonly #providers: ProviderBook
  readonly #known = new Map<string, DiagnosisView>()

  constructor(journal: Journal, providers: ProviderBook) {
    this.#journal = journal
    this.#providers = providers
  }

  async of(refusal: JournalRefusal, arrival: JournalArrival | undefined): Promise<DiagnosisView> {
    const known = this.#known.get(refusal.id)
    if (known !== undefined) return known
    const view = viewOf(refusal, arrival, await this.#diagnose(refusal))
    this.#known.set(refusal.id, view)
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!)
    return view
  }

  /** With the secrets of the receiver; where there is none in this process, with those in the environment. */
  async #diagnose(refusal: JournalRefusal): Promise<Diagnosis | undefined> {
    const known = await this.#journal.diagnose(refusal.id)
    if (known !== undefined) return known
    const shown = this.#providers.find(refusal.provider)
    const create = shown && playedOf(shown.name)?.create
    if (shown === undefined || create === undefined || shown.secrets.length === 0) return undefined
    const others = this.#providers.all().filter(({ name, secrets }) => name !== shown.name && secrets.length > 0)
    const otherSecrets = Object.fromEntries(others.map(({ name, secrets }) => [name, secrets]))
    const { headers, body = new Uint8Array(), at } = refusal
    return diagnose({ provider: create, secrets: shown.secrets, otherSecrets, headers, body, now: at.getTime() })
  }
}

/** The refusals that the signature explains. For the others the reason of the receiver is the right one. */
const ABOUT_SIGNATURES = new Set([
  'signature_invalid',
  'signature_missing',
  'signature_malformed',
  'signature_repeated',
  'timestamp_invalid',
])

function viewOf(
  { code, provider }: JournalRefusal,
  arrival: JournalArrival | undefined,
  diagnosis: Diagnosis | undefined,
): DiagnosisView {
  const details = [
    ...clockDetails(diagnosis),
    ...(arrival?.issues ?? []).map(({ path, expected }) => `${path}: ${expected}`),
  ]
  const isExplained = diagnosis !== undefined && diagnosis.verdict !== 'accepted'
  if (isExplained && (ABOUT_SIGNATURES.has(code) || arrival?.message === undefined)) {
    const { message, advice } = diagnosis
    return { reason: message, ...(advice !== undefined && { advice }), details }
  }
  const reason = arrival?.message ?? `The receiver refused it: ${code}.`
  if (diagnosis === undefined && provider !== undefined && ABOUT_SIGNATURES.has(code)) {
    return { reason, advice: NO_SECRET, details }
  }
  const isFine = diagnosis?.verdict === 'accepted' && ABOUT_SIGNATURES.has(code)
  return { reason, ...(isFine && { advice: ACCEPTED_NOW }), details }
}

const NO_SECRET =
  'Open the inspector in the process of the receiver, or set the secret in the environment, to find out more.'
const ACCEPTED_NOW = 'With the secrets of now it is accepted. Was a secret changed since?'

function clockDetails(diagnosis: Diagnosis | undefined): string[] {
  const { clock } = diagnosis ?? {}
  if (clock === undefined) return []
  const seconds = Math.abs(Math.round(clock.ageMs / 1000))
  if (seconds === 0) return []
  const when = clock.ageMs >= 0 ? `${seconds} s before it arrived` : `${seconds} s after it arrived, by its own clock`
  return [`It was signed ${when}${clock.isWithinWindow ? '' : ', which is outside of the window'}.`]
}
