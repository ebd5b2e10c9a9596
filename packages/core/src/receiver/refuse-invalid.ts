import { payloadInvalid, type WebhookError } from '../errors.js'
import type { Recorder } from '../journal/recorder.js'
import type { Settings } from './receiver-options.js'
import type { Recognized } from './recognize.js'
import { arrivedEvent } from './record-arrival.js'
import { type Arrival, asAnsweredTo } from './verify.js'

/**
 * Refuses an authentic payload that does not fit the schema of its type, unless `invalid` is `'deliver'`. The journal has
 * it as failed, so that a replay after an upgrade handles it.
 */
export async function refuseInvalid(
  recognized: Recognized,
  arrival: Arrival,
  { settings, recorder }: { readonly settings: Settings; readonly recorder: Recorder | undefined },
): Promise<void> {
  const { type, issues, verified } = recognized
  if (issues === undefined || settings.invalid === 'deliver') return
  arrival.report.note({ type, name: undefined })
  // A payload without a type has no schema, and so no issues.
  const error = asAnsweredTo(verified.provider, payloadInvalid(type!, issues))
  if (recorder !== undefined) await recordRefused(recorder, recognized, arrival, error)
  throw error
}

async function recordRefused(
  recorder: Recorder,
  recognized: Recognized,
  arrival: Arrival,
  { status, code }: WebhookError,
): Promise<void> {
  const recorded = await recorder.begin(arrivedEvent(recognized, arrival), 'failed', NO_LEASE)
  // Any other entry has its attempts noted when the outcome is reported.
  if (recorded.status !== 'begun') return
  recorded.run.describe({ status, code, keyId: '' })
  await recorded.run.close('rejected')
  arrival.report.noteRecorded()
}

/** Nothing runs. */
const NO_LEASE = 0
