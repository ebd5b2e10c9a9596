import type { AttemptDetail, Detail } from '../../../src/api.ts'
import { Section } from '../parts/section.tsx'
import { Status } from '../parts/verdict.tsx'

const TRUST: Readonly<Record<string, string>> = {
  'body+timestamp': 'The signature covers body and time',
  body: 'The signature covers the body, not the time',
  sender: 'A token names the sender; nothing proves the body',
}

interface Props {
  readonly detail: Detail
  readonly attempt: AttemptDetail | undefined
}

/** The verdict, and what it rests on. */
export function Facts({ detail: { row, entity, trust }, attempt }: Props) {
  return (
    <Section title="Verdict">
      <dl class="facts">
        <Fact name="Answer">{attempt !== undefined && <Status status={attempt.status} />}</Fact>
        <Fact name="Code">{attempt?.code !== undefined && <code>{attempt.code}</code>}</Fact>
        <Fact name="Outcome">{attempt?.kind}</Fact>
        <Fact name="Reading">{attempt?.reading !== undefined && <code>{attempt.reading}</code>}</Fact>
        <Fact name="Secret">{attempt?.secret !== undefined && secretText(attempt.secret)}</Fact>
        <Fact name="Trust">{trust !== undefined && (TRUST[trust] ?? trust)}</Fact>
        <Fact name="Entity">{entity !== undefined && <code>{entity}</code>}</Fact>
        <Fact name="Id">
          <code>{row.id}</code>
        </Fact>
      </dl>
    </Section>
  )
}

/** Leaves out what is not known. */
function Fact({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  if (children === undefined || children === false) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

const secretText = (position: number) =>
  position === 0 ? 'The first of its secrets' : `Secret ${position + 1} of its list`
