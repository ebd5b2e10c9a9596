import { markNotCommitted } from '../errors.js'
import type { Recorder } from '../journal/recorder.js'
import { type Answer, refusal } from './answer.js'
import type { Claimed } from './claim-event.js'
import type { OutcomeReport } from './outcome-report.js'

/**
 * Settles an event by its handler's status, and reports the outcome. Resolves to an answer that replaces the handler's,
 * or to undefined.
 */
export async function settle(
  claimed: Claimed,
  status: number,
  report: OutcomeReport,
  recorder: Recorder | undefined,
): Promise<Answer | undefined> {
  const { held, run } = claimed
  report.leave()
  report.end('handler')
  const hasSucceeded = status >= 200 && status < 300
  const sealed = recorder && (await sealError(claimed, report, recorder))
  run?.describe({ status, keyId: '', ...sealed })
  const settlement = await held?.settle(hasSucceeded)
  report.end('settled')
  report.note({ settled: settlement?.isConfirmed ?? false })
  const isHandled = settlement?.isHandled ?? hasSucceeded
  void run?.close(isHandled ? 'handled' : 'failed')
  if (hasSucceeded && settlement?.isMarkMissing) return retract(report)
  report.report(isHandled ? 'handled' : 'failed', status)
  return undefined
}

/** The attempt is written without its error where that cannot be sealed. */
async function sealError({ id, run }: Claimed, { error }: OutcomeReport, recorder: Recorder) {
  if (run === undefined || error === undefined) return undefined
  return recorder.sealError(id, error).catch(() => undefined)
}

/** Replaces the handler's 2xx, because the transaction with its mark was not committed. */
function retract(report: OutcomeReport): Answer {
  const error = markNotCommitted()
  report.note({ code: error.code, message: error.message })
  report.report('failed', error.status)
  return refusal(error, false)
}
