import type { AttemptDetail } from '../../../src/api.ts'
import { clockTime, durationText, untilText } from '../format/time.ts'
import { Section } from '../parts/section.tsx'
import { now } from '../state/clock.ts'

type Step = NonNullable<AttemptDetail['steps']>[number]

interface Props {
  readonly attempt: AttemptDetail
  readonly nextAttemptAt: number | undefined
}

/** The way of one attempt through the receiver, to scale. */
export function Timeline({ attempt, nextAttemptAt }: Props) {
  const { steps = [] } = attempt
  const totalMs = Math.max(attempt.durationMs, ...steps.map(({ atMs, ms }) => atMs + ms), 0.001)
  return (
    <Section title="Timeline" aside={<span class="muted">{clockTime(attempt.at)}</span>}>
      <ol class="timeline">
        {steps.map((step) => (
          <StepBar key={step.name} step={step} totalMs={totalMs} />
        ))}
        {steps.length === 0 && (
          <li class="muted">
            Answered after {durationText(attempt.durationMs)}. Its steps are known to the process that received it.
          </li>
        )}
        {nextAttemptAt !== undefined && (
          <li class="next">
            <span class="step-name">next</span>
            <span>
              The next attempt is due {untilText(nextAttemptAt, now.value)}, at {clockTime(nextAttemptAt)}.
            </span>
          </li>
        )}
      </ol>
    </Section>
  )
}

function StepBar({ step: { name, atMs, ms }, totalMs }: { readonly step: Step; readonly totalMs: number }) {
  const share = (part: number) => `${Math.min(100, (part / totalMs) * 100)}%`
  return (
    <li class="step">
      <span class="step-name">{name}</span>
      <span class="step-track" aria-hidden="true">
        <span class="step-bar" style={{ left: share(atMs), width: share(ms) }} />
      </span>
      <span class="step-at">{durationText(atMs)}</span>
      <span class="step-took">{ms > 0 ? `+${durationText(ms)}` : ''}</span>
    </li>
  )
}
