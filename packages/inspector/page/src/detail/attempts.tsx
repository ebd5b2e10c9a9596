import type { AttemptDetail } from '../../../src/api.ts'
import { clockTime, durationText } from '../format/time.ts'
import { Section } from '../parts/section.tsx'
import { Status } from '../parts/verdict.tsx'
import { shownAttempt } from '../state/detail.ts'

interface Props {
  readonly attempts: readonly AttemptDetail[]
  readonly shown: AttemptDetail | undefined
}

/** Chooses the attempt that the sections below show. */
export function Attempts({ attempts, shown }: Props) {
  if (attempts.length < 2) return null
  return (
    <Section title={`${attempts.length} attempts`}>
      <ol class="attempts">
        {attempts.map((attempt) => (
          <li key={attempt.number}>
            <button
              type="button"
              class="attempt"
              aria-pressed={attempt.number === shown?.number}
              onClick={() => {
                shownAttempt.value = attempt.number
              }}
            >
              <span class="attempt-number">{attempt.number}</span>
              <span class="attempt-time">{clockTime(attempt.at)}</span>
              <span class="attempt-source">{attempt.source}</span>
              <span class="attempt-kind">{attempt.kind}</span>
              <Status status={attempt.status} />
              <span class="attempt-took">{durationText(attempt.durationMs)}</span>
            </button>
          </li>
        ))}
      </ol>
    </Section>
  )
}
