import { type ClaimLock, StoreLock } from '../claim/claim-lock.js'
import type { GuardedStore } from '../claim/guarded-store.js'
import { lockBoth } from '../claim/lock-both.js'
import type { EntryRun } from '../journal/entry-run.js'
import type { Recorder } from '../journal/recorder.js'
import { orFalse } from '../options/maybe-promise.js'

/** How long a claim outlives a process that died with it. Extended at a third while the handler runs. */
export const LEASE_MS = 15_000

/** How long the store remembers a handled job. A job that failed for another reason may be redriven after days. */
const RETENTION_MS = 30 * 24 * 3600_000

/** How long a run waits for another run of the same event. A dead process's lease ends much earlier. */
const PATIENCE_MS = 60_000
const FIRST_WAIT_MS = 20
const LONGEST_WAIT_MS = 1_000

export interface JobIdentity {
  /** The id of the delivery. */
  readonly id: string
  /** Identifies the job, also after it was moved to another queue. */
  readonly jobKey: string
  readonly provider: string
  readonly type: string
  readonly signal: AbortSignal
}

export interface JobLocks {
  readonly store: GuardedStore | undefined
  readonly recorder: Recorder | undefined
}

/** The right to handle a queued event, as far as there is a journal or a store to give it. */
export interface ClaimedJob {
  readonly lock: ClaimLock | undefined
  readonly run: EntryRun | undefined
}

/**
 * Claims a queued event in the journal and in the store. Waits while another run has it: that may still fail.
 *
 * Resolves to undefined if the event was handled. Rejects with `journal_unavailable` or `store_unavailable`.
 */
export async function claimJob(job: JobIdentity, locks: JobLocks): Promise<ClaimedJob | undefined> {
  const claimed = await untilFree(job, () => claimInStore(job, locks.store))
  if (claimed === 'handled') return undefined
  const { recorder } = locks
  if (recorder === undefined) return { lock: claimed, run: undefined }
  try {
    const run = await untilFree(job, () => beginInJournal(job, recorder))
    if (run === 'handled') {
      await orFalse(claimed?.complete())
      return undefined
    }
    return { lock: bothOf(run, claimed, recorder.isDurable), run }
  } catch (error) {
    await orFalse(claimed?.release())
    throw error
  }
}

/** A durable journal decides; one in memory only follows. */
function bothOf(run: EntryRun | undefined, storeLock: StoreLock | undefined, isDurable: boolean) {
  if (run === undefined || storeLock === undefined) return storeLock ?? run
  return isDurable ? lockBoth(run, storeLock) : lockBoth(storeLock, run)
}

type Answer<T> = T | 'handled' | 'in-flight'

async function claimInStore(
  { jobKey, provider, type }: JobIdentity,
  store: GuardedStore | undefined,
): Promise<Answer<StoreLock | undefined>> {
  if (store === undefined) return undefined
  // No deduplication key has a space before its first colon. The receiver has marked that of this event as handled.
  const key = `worker ${provider}:${jobKey}`
  const claim = await store.claim(key, LEASE_MS, { provider, type })
  if (claim.status === 'done') return 'handled'
  if (claim.status === 'in-flight') return 'in-flight'
  return new StoreLock(store, { key, token: claim.token, retentionMs: RETENTION_MS })
}

async function beginInJournal({ id }: JobIdentity, recorder: Recorder): Promise<Answer<EntryRun | undefined>> {
  if (recorder.isDurable) return recorder.beginJob(id, LEASE_MS)
  // One in memory only records.
  const begun = await recorder.beginJob(id, LEASE_MS).catch(() => undefined)
  return typeof begun === 'string' ? undefined : begun
}

/** Asks until the event is free or handled. */
async function untilFree<T>({ signal }: JobIdentity, ask: () => Promise<Answer<T>>): Promise<T | 'handled'> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    const answer = await ask()
    if (answer !== 'in-flight') return answer
    if (performance.now() > giveUpAt || signal.aborted) {
      throw new Error('Another run of the same event has not ended yet. The queue may try this job again later.')
    }
    await wait(waitMs, signal)
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
