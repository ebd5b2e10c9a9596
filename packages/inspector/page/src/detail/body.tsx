import { useSignal } from '@preact/signals'
import type { BodyView, Detail } from '../../../src/api.ts'
import { parseBody } from '../format/parse-body.ts'
import { sizeText } from '../format/size.ts'
import { Icon } from '../parts/icon.tsx'
import { Section } from '../parts/section.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { BodyHex } from './body-hex.tsx'
import { BodyText } from './body-text.tsx'
import { BodyTree } from './body-tree.tsx'
import type { Place } from './place.ts'

const FORMS = ['Parsed', 'Text', 'Hex'] as const

const SIGNED = {
  all: 'The signature covers the whole body',
  part: 'The signature covers parts of the body',
  none: 'The signature does not cover the body',
} as const

interface Props {
  readonly body: BodyView
  readonly issues: NonNullable<Detail['issues']>
  readonly place: Place
}

export function Body({ body, issues, place }: Props) {
  const form = useSignal<(typeof FORMS)[number]>('Parsed')
  const tabs = (
    <Tabs
      label="Form of the body"
      names={FORMS}
      chosen={form.value}
      choose={(name) => {
        form.value = name
      }}
      panelId="body"
    />
  )
  return (
    <Section title="Body" aside={tabs}>
      <p class={`body-signed is-${body.signed}`}>
        <Icon name={body.signed === 'none' ? 'warning' : 'signed'} />
        {SIGNED[body.signed]}
        <span class="muted">{sizeText(body.size)}</span>
      </p>
      <div id="body" role="tabpanel" aria-label={form.value} class={`body is-${body.signed}`}>
        {form.value === 'Parsed' && <Parsed body={body} issues={issues} place={place} />}
        {form.value === 'Text' && <BodyText body={body} place={place} />}
        {form.value === 'Hex' && <BodyHex body={body} />}
      </div>
    </Section>
  )
}

function Parsed({ body, issues, place }: Props) {
  const parsed = parseBody(body)
  if (parsed.kind === 'none') return <p class="muted">{parsed.because}</p>
  return <BodyTree value={parsed.value} issues={issues} credentials={body.credentials} place={place} />
}
