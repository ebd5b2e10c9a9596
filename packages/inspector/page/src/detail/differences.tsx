import type { AttemptDetail } from '../../../src/api.ts'
import { type Difference, differencesOf } from '../format/differences.ts'
import { Section } from '../parts/section.tsx'

interface Props {
  readonly attempts: readonly AttemptDetail[]
  readonly shown: AttemptDetail | undefined
}

/** Shows how an attempt differs from the one before it. */
export function Differences({ attempts, shown }: Props) {
  const index = attempts.findIndex(({ number }) => number === shown?.number)
  const before = attempts[index - 1]
  const after = attempts[index]
  if (before === undefined || after === undefined) return null
  return (
    <Section title={`Differences from attempt ${before.number}`}>
      <DifferenceList differences={differencesOf(before, after)} />
    </Section>
  )
}

function DifferenceList({ differences }: { readonly differences: readonly Difference[] | undefined }) {
  if (differences === undefined) {
    return <p class="muted">The journal did not keep the bytes of both attempts.</p>
  }
  if (differences.length === 0) return <p class="muted">None: headers and body are the same.</p>
  return (
    <ul class="differences">
      {differences.map(({ place, before, after }) => (
        <li key={place}>
          <code class="difference-place">{place}</code>
          <Value kind="removed" text={before} />
          <Value kind="added" text={after} />
        </li>
      ))}
    </ul>
  )
}

function Value({ kind, text }: { readonly kind: 'removed' | 'added'; readonly text: string | undefined }) {
  if (text === undefined) return null
  const Mark = kind === 'removed' ? 'del' : 'ins'
  return (
    <Mark class={kind}>
      <span aria-hidden="true">{kind === 'removed' ? '−' : '+'}</span>
      <code>{text}</code>
    </Mark>
  )
}
