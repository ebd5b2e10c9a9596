import { payloadInvalid } from '../errors.js'
import type { ReceiverSteps } from '../journal/receiver-steps.js'
import { arrivedEvent } from './arrived-event.js'
import type { Settings } from './receiver-options.js'
import type { Recognized } from './recognize.js'
import { type Arrival, asAnsweredTo } from './verify.js'

/**
 * Refuses an authentic payload that does not fit the schema of its type, unless `invalid` is `'deliver'`. The journal has
 * it as failed, so that a replay after an upgrade handles it.
 */
export async function refuseInvalid(
  recognized: Recognized,
  arrival: Arrival,
  { settings, journal }: { readonly settings: Settings; readonly journal: ReceiverSteps | undefined },
): Promise<void> {
  const { type, issues, verified } = recognized
  if (issues === undefined || settings.invalid === 'deliver') return
  arrival.report.note({ type, name: undefined })
  // A payload without a type has no schema, and so no issues.
  const error = asAnsweredTo(verified.provider, payloadInvalid(type!, issues))
  const isRecorded = await journal?.recordRefused(arrivedEvent(recognized, arrival), error)
  if (isRecorded) arrival.report.noteRecorded()
  throw error
}
