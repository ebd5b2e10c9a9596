import type { RequestView } from '../../../src/api.ts'
import { Credential } from './credential.tsx'
import type { Place } from './place.ts'

interface Props {
  readonly request: RequestView
  readonly place: Place
}

/** The method and address of a request. Some providers put a secret into the query. */
export function RequestLine({ request: { method, url = '' }, place }: Props) {
  const masked = [...url.matchAll(/[?&]([^=&]+)=•+/g)].map(([, name = '']) => decodeURIComponent(name))
  return (
    <>
      <p class="request-line">
        <code>
          {method} {url}
        </code>
      </p>
      {masked.map((name) => (
        <p key={name} class="credential-line">
          <code>{name}</code>
          <Credential place={place} path={`query:${name}`} />
        </p>
      ))}
    </>
  )
}
