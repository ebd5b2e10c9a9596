/** What a queue knows of a job beside its data. All of it is optional, as far as the queue does not say. */
export interface QueuedJob {
  /** The job's id. */
  readonly jobId?: string | undefined
  /** The number of this run, from 1. */
  readonly attempt?: number | undefined
  /** Whether the queue gives the job up if this run fails, or the function that says so for an error. Default false. */
  readonly isLast?: boolean | ((error: Error) => boolean) | undefined
  /** Aborts when the run's result no longer counts. It becomes `delivery.signal`. */
  readonly signal?: AbortSignal | undefined
  /** The job itself, which `onOutcome` gets as its second argument. */
  readonly original?: unknown
}
