import type { BodyView } from '../../../src/api.ts'
import { sizeText } from '../format/size.ts'
import { Credential } from './credential.tsx'
import type { Place } from './place.ts'

/** The body as text, to the letter, except for its credentials. */
export function BodyText({ body, place }: { readonly body: BodyView; readonly place: Place }) {
  if (body.text === undefined) return <p class="muted">The body is not UTF-8. Its bytes are under Hex.</p>
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: It scrolls, so the keyboard has to reach it. */}
      <pre class="text" tabIndex={0}>
        {body.text}
      </pre>
      {body.isCut && <p class="muted">Cut: the body has {sizeText(body.size)}.</p>}
      {body.credentials.map((path) => (
        <p key={path} class="credential-line">
          <code>{path}</code>
          <Credential place={place} path={path} />
        </p>
      ))}
    </>
  )
}
