import type { AttemptDetail, Detail } from '../../../src/api.ts'
import { Icon } from '../parts/icon.tsx'

interface Props {
  readonly detail: Detail
  readonly attempt: AttemptDetail | undefined
}

/** Shows the handler's error, or the places where the payload does not match its schema. */
export function WhyFailed({ detail: { row, issues = [] }, attempt }: Props) {
  if (row.kind === 'refusal' || (attempt?.error === undefined && issues.length === 0)) return null
  return (
    <section class="why tone-bad" aria-labelledby="why">
      <h3 id="why">
        <Icon name="Failed" />
        {issues.length > 0 ? 'The payload does not match its schema' : 'The handler failed'}
      </h3>
      {attempt?.error !== undefined && (
        <p class="why-reason">
          <span class="code">{attempt.error.name}</span> {attempt.error.message}
        </p>
      )}
      {issues.length > 0 && (
        <ul>
          {issues.map(({ path, expected }) => (
            <li key={path}>
              <code>{path === '' ? 'The payload' : path}</code>: expected {expected}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
