import { markNotCommitted } from '../errors.js'
import type { Recorder } from '../journal/recorder.js'
import { andThen, type MaybePromise } from '../options/maybe-promise.js'
import { type Answer, refusal } from './answer.js'
import type { Claimed } from './claim-event.js'
import type { OutcomeReport } from './outcome-report.js'

/**
 * Settles an event by its handler's status, and reports the outcome. Returns an answer that replaces the handler's, or
 * undefined. Never fails.
 */
export function settle(
  claimed: Claimed,
  status: number,
  report: OutcomeReport,
  recorder: Recorder | undefined,
): MaybePromise<Answer | undefined> {
  report.leave()
  report.end('handler')
  const hasSucceeded = status >= 200 && status < 300
  const described = recorder && describeRun(claimed, status, report, recorder)
  const settled = andThen(described, () => claimed.held?.settle(hasSucceeded))
  return andThen(settled, (settlement) => {
    report.end('settled')
    report.note({ settled: settlement?.isConfirmed ?? false })
    const isHandled = settlement?.isHandled ?? hasSucceeded
    void claimed.run?.close(isHandled ? 'handled' : 'failed')
    if (hasSucceeded && settlement?.isMarkMissing) return retract(report)
    report.report(isHandled ? 'handled' : 'failed', status)
    return undefined
  })
}

/** Tells the run how the handler ended. The attempt is written without its error where that cannot be sealed. */
function describeRun(
  { id, run }: Claimed,
  status: number,
  { error }: OutcomeReport,
  recorder: Recorder,
): MaybePromise<void> {
  if (run === undefined || error === undefined) return run?.describe({ status, keyId: '' })
  const sealed = recorder.sealError(id, error).catch(() => undefined)
  return sealed.then((parts) => run.describe({ status, keyId: '', ...parts }))
}

/** Replaces the handler's 2xx, because the transaction with its mark was not committed. */
function retract(report: OutcomeReport): Answer {
  const error = markNotCommitted()
  report.note({ code: error.code, message: error.message })
  report.report('failed', error.status)
  return refusal(error, false)
}
