import { useSignal } from '@preact/signals'
import { Icon } from '../parts/icon.tsx'
import { hide, reveal, revealedAt } from '../state/revealed.ts'
import type { Place } from './place.ts'

interface Props {
  readonly place: Place
  readonly path: string
  readonly mask?: string
}

/** A masked credential. A click asks the inspector for this one, which writes that down. */
export function Credential({ place: { key, attempt }, path, mask = '••••••' }: Props) {
  const error = useSignal<string | undefined>(undefined)
  const value = revealedAt(attempt, path)
  const toggle = async () => {
    if (value !== undefined) hide(attempt, path)
    else error.value = await reveal(key, attempt, path)
  }
  return (
    <span class="credential">
      <code class={value === undefined ? 'mask' : ''}>{value ?? mask}</code>
      <button
        type="button"
        class="reveal"
        aria-label={`${value === undefined ? 'Reveal' : 'Hide'} ${path}`}
        onClick={toggle}
      >
        <Icon name="eye" />
        {value === undefined ? 'Reveal' : 'Hide'}
      </button>
      {error.value !== undefined && (
        <span class="tone-bad" role="alert">
          {error.value}
        </span>
      )}
    </span>
  )
}
