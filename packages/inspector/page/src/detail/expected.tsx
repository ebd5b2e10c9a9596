import { Icon } from '../parts/icon.tsx'

/** Says at its place what the schema expects there. */
export function Expected({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null
  return (
    <span class="expected tone-bad">
      <Icon name="warning" />
      expected {text}
    </span>
  )
}
