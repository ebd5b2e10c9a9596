import { randomBytes } from 'node:crypto'
import type { ArrivalRecord } from './arrival.js'
import type { EntrySealer } from './entry-sealer.js'
import type { JournalStore } from './journal-store.js'
import { packRefusal, type RefusedRequest } from './refusals.js'

const MAX_BODY_BYTES = 64_000
const MINUTE_MS = 60_000

interface Refused extends RefusedRequest {
  readonly code: string
  /** Whose headers it carries. */
  readonly provider: string | undefined
  readonly record: ArrivalRecord | undefined
}

interface BookParts {
  readonly rows: JournalStore
  readonly sealer: () => Promise<EntrySealer>
  readonly namespace: string
  readonly keepRefusals: number
  readonly refusalsPerMinute: number
  readonly isDurable: boolean
}

/** Keeps the newest refusals, so few of each code that a flood of them costs nothing. */
export class RefusalBook {
  readonly #parts: BookParts
  readonly #counts = new Map<string, number>()
  #minute = Number.NEGATIVE_INFINITY

  constructor(parts: BookParts) {
    this.#parts = parts
  }

  /** Keeps a refusal, unless there were enough of its code. Never rejects, and is not waited for. */
  add(refused: Refused): void {
    const { keepRefusals, isDurable } = this.#parts
    // In a database, a stranger without even a provider's headers gets no row.
    if (keepRefusals === 0 || (isDurable && refused.provider === undefined) || this.#isEnough(refused.code)) return
    this.#keep(refused).catch(() => undefined)
  }

  async #keep({ code, provider, method, headers, body, record }: Refused): Promise<void> {
    const { rows, namespace, keepRefusals } = this.#parts
    const sealer = await this.#parts.sealer()
    const id = randomBytes(16).toString('hex')
    const isKept = body !== undefined && body.length <= MAX_BODY_BYTES
    if (!isKept) record?.dropBody()
    const packed = packRefusal({ method, headers, body: isKept ? body : undefined })
    const content = sealer.seal('refusal', id, packed)
    const { keyId } = sealer
    await rows.addRefusal({ namespace, id, at: 0, code, provider, keyId, content, record }, keepRefusals)
  }

  #isEnough(code: string): boolean {
    const minute = Math.floor(performance.now() / MINUTE_MS)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#counts.clear()
    }
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    return count > this.#parts.refusalsPerMinute
  }
}
