import { durationText } from '../format/time.ts'
import type { Outcome } from '../state/actions.ts'
import { Icon } from './icon.tsx'
import { Status } from './verdict.tsx'

/** Shows what became of an action: each request with its answer. */
export function Results({ outcome }: { readonly outcome: Outcome }) {
  return (
    <div class="results" aria-live="polite">
      {outcome.kind === 'running' && (
        <p class="results-title">
          <span class="spinner" aria-hidden="true" />
          {outcome.title} …
        </p>
      )}
      {outcome.kind === 'error' && (
        <p class="results-error tone-bad">
          <Icon name="warning" />
          {outcome.message}
        </p>
      )}
      {outcome.kind === 'done' && (
        <>
          <p class="results-title">{outcome.title}</p>
          <ul class="results-list">
            {outcome.results.map(({ label, status, body, durationMs }, index) => (
              <li key={index}>
                <Status status={status} />
                <span class="results-label">{label}</span>
                <code class="results-body">{body === '' ? 'empty body' : body}</code>
                <span class="results-took">{durationText(durationMs)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
