import { payloadInvalid } from '../errors.js'
import type { Recognized } from './recognize.js'
import { type Arrival, asAnsweredTo } from './verify.js'

/** Refuses an authentic payload that does not match its schema, unless `invalid` is `'deliver'`. */
export function refuseInvalid(
  { type, issues, verified }: Recognized,
  { report }: Arrival,
  { invalid }: { readonly invalid: 'reject' | 'deliver' },
): void {
  if (issues === undefined || invalid === 'deliver') return
  report.note({ type, name: undefined })
  // A payload without a type has no schema, and so no issues.
  throw asAnsweredTo(verified.provider, payloadInvalid(type!, issues))
}
