import type { AttemptDetail } from '../../../src/api.ts'
import { Section } from '../parts/section.tsx'
import { Status } from '../parts/verdict.tsx'

/** The answer that the sender got, where the inspector saw it. */
export function Answer({
  answer: { status, headers, body },
}: {
  readonly answer: NonNullable<AttemptDetail['answer']>
}) {
  return (
    <Section title="Answer" aside={<Status status={status} />}>
      <dl class="headers">
        {headers.map(([name, value], index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
      {body !== '' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: It scrolls, so the keyboard has to reach it.
        <pre class="text" tabIndex={0}>
          {body}
        </pre>
      )}
    </Section>
  )
}
