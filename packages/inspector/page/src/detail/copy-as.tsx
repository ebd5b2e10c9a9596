import { useSignal } from '@preact/signals'
import type { Detail } from '../../../src/api.ts'
import { Icon } from '../parts/icon.tsx'
import { get, messageOf } from '../server/client.ts'

const FORMS = [
  ['curl', 'curl', 'a curl command'],
  ['explain', 'explain', 'an explain command'],
  ['vitest', 'vitest test', 'a vitest test'],
] as const

interface Copied {
  readonly title: string
  readonly text: string
  readonly note?: string
}

/** Copies the delivery in a form that runs elsewhere, and shows the text with what it contains. */
export function CopyAs({ detail: { row } }: { readonly detail: Detail }) {
  const copied = useSignal<Copied | undefined>(undefined)
  const copy = async (as: string, name: string) => {
    copied.value = await fetchCopy(row.key, as, name)
  }
  return (
    <div class="copy-as">
      <div class="actions">
        <span class="actions-label">Copy as</span>
        {FORMS.map(([as, label, name]) => (
          <button key={as} type="button" class="button is-quiet" onClick={() => copy(as, name)}>
            <Icon name="copy" />
            {label}
          </button>
        ))}
      </div>
      <div aria-live="polite">{copied.value !== undefined && <CopiedText copied={copied.value} />}</div>
    </div>
  )
}

function CopiedText({ copied: { title, text, note } }: { readonly copied: Copied }) {
  return (
    <div class="copied">
      <p>
        <strong>{title}</strong> {note}
      </p>
      {text !== '' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: It scrolls, so the keyboard has to reach it.
        <pre tabIndex={0}>{text}</pre>
      )}
    </div>
  )
}

async function fetchCopy(key: string, as: string, name: string): Promise<Copied> {
  try {
    const copy = await get<{ text: string; note?: string }>(`/api/copy/${encodeURIComponent(key)}?as=${as}`)
    return { ...copy, title: (await wasCopied(copy.text)) ? `Copied as ${name}.` : `Here is ${name}.` }
  } catch (error) {
    return { title: messageOf(error), text: '' }
  }
}

async function wasCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
