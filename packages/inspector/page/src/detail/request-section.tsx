import type { AttemptDetail, Detail } from '../../../src/api.ts'
import { Icon } from '../parts/icon.tsx'
import { Section } from '../parts/section.tsx'
import { Body } from './body.tsx'
import { Headers } from './headers.tsx'
import { RequestLine } from './request-line.tsx'

interface Props {
  readonly detail: Detail
  readonly attempt: AttemptDetail
}

/** The request as it came, with what the signature covers marked. */
export function RequestSection({ detail, attempt }: Props) {
  const { request } = attempt
  if (request === undefined) {
    return (
      <Section title="Request">
        <p class="muted">The journal did not keep the bytes of this attempt.</p>
      </Section>
    )
  }
  const place = { key: detail.row.key, attempt: attempt.number }
  return (
    <>
      <Section title="Headers" aside={<Legend />}>
        <RequestLine request={request} place={place} />
        <Headers headers={request.headers} place={place} />
      </Section>
      {request.body === undefined ? (
        <Section title="Body">
          <p class="muted">It was not kept, because the headers decided.</p>
        </Section>
      ) : (
        <Body body={request.body} issues={detail.issues ?? []} place={place} />
      )}
    </>
  )
}

function Legend() {
  return (
    <span class="legend">
      <Icon name="signed" />
      covered by the signature
    </span>
  )
}
