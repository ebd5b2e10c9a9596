import type { Delivery } from '../delivery/delivery.js'
import { type OpenedJob, openJob, readableFacts } from '../queue/packed-delivery.js'
import { Sealer } from '../queue/sealer.js'
import type { SealingOptions } from '../queue/sealing-keys.js'
import { credentialsIn } from '../redaction/credentials-in.js'
import { redact } from '../redaction/redact.js'
import { secretCutter } from '../redaction/secret-cutter.js'

/** A job that the queue has given up. It holds no credential. */
export interface DeadLetter {
  /** The id of the job, for `redrive`. */
  readonly jobId: string
  /** The id of the delivery, e.g. `openmail:evt_1`. */
  readonly id?: string
  readonly provider?: string
  readonly account?: string
  /** The event type. */
  readonly type?: string
  /** A redacted copy of the event. Undefined if the job cannot be opened. */
  readonly event?: object
  readonly trust?: Delivery['trust']
  readonly receivedAt?: Date
  /** How many runs have failed. */
  readonly attempts?: number
  readonly failedAt?: Date
  /** The error of the last run. */
  readonly error?: { readonly name?: string; readonly message: string }
  /** Why the job cannot be opened. Undefined if it can. */
  readonly unreadable?: string
}

/** What a queue holds of a job that it has given up. */
export interface FailedJob {
  readonly jobId: string
  readonly data: unknown
  readonly attempts?: number | undefined
  readonly failedAt?: Date | undefined
  readonly error?: { readonly name?: string | undefined; readonly message: string } | undefined
}

/**
 * Creates the function that describes a job which a queue has given up, without its credentials.
 *
 * Throws a `TypeError`, which begins with `owner`, if neither `sealingKeys` nor `plaintext` is given.
 *
 * @example
 * const describe = deadLetterReader('deadLetters', { sealingKeys })
 * const letters = failed.map(({ id, data }) => describe({ jobId: id, data }))
 */
export function deadLetterReader(owner: string, options: SealingOptions): (job: FailedJob) => DeadLetter {
  const sealer = new Sealer(owner, options)
  return ({ jobId, data, attempts, failedAt, error }) => {
    const opened = tryToOpen(data, sealer)
    const described =
      'unreadable' in opened ? { ...readableFacts(data), unreadable: opened.unreadable } : describe(opened)
    const clean = 'unreadable' in opened ? String : cutterOf(opened)
    const { name, message } = error ?? {}
    return withoutUndefined({
      jobId,
      ...described,
      attempts,
      failedAt,
      error:
        message === undefined ? undefined : withoutUndefined({ name: name && clean(name), message: clean(message) }),
    })
  }
}

function tryToOpen(data: unknown, sealer: Sealer): OpenedJob | { readonly unreadable: string } {
  try {
    return openJob(data, sealer)
  } catch (error) {
    return { unreadable: (error as Error).message }
  }
}

function describe({ facts, credentials }: OpenedJob) {
  const { id, provider, account, event, trust, receivedAt } = facts
  const redacted = redact({ ...event, payload: event.payload }, credentials) as object
  return { id, provider, account, type: event.type, event: redacted, trust, receivedAt }
}

function cutterOf({ facts, credentials }: OpenedJob): (text: string) => string {
  const cut = secretCutter(credentialsIn(facts.event.payload, credentials))
  return (text) => cut(text)
}

type Known<T> = { [Name in keyof T]: Exclude<T[Name], undefined> }

const withoutUndefined = <T extends object>(facts: T) =>
  // What is undefined is left out.
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Known<T>
