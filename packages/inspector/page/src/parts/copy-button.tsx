import { useSignal } from '@preact/signals'
import { Icon } from './icon.tsx'

interface Props {
  readonly label: string
  readonly text: () => Promise<string> | string
}

/** Copies a text, and says for a moment that it did. */
export function CopyButton({ label, text }: Props) {
  const said = useSignal<string | undefined>(undefined)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await text())
      said.value = 'Copied'
    } catch {
      said.value = 'Not copied'
    }
    setTimeout(() => {
      said.value = undefined
    }, 1500)
  }
  return (
    <button type="button" class="button is-quiet" onClick={copy}>
      <Icon name="copy" />
      <span aria-live="polite">{said.value ?? label}</span>
    </button>
  )
}
