import type { RequestView } from '../../../src/api.ts'
import { Icon } from '../parts/icon.tsx'
import { Credential } from './credential.tsx'
import type { Place } from './place.ts'

interface Props {
  readonly headers: RequestView['headers']
  readonly place: Place
}

export function Headers({ headers, place }: Props) {
  return (
    <dl class="headers">
      {headers.map(({ name, value, signed, masked }, index) => (
        <div key={index} class={signed ? 'is-signed' : ''}>
          <dt>
            {signed && <Icon name="signed" />}
            {name}
            {signed && <span class="sr-only">, covered by the signature</span>}
          </dt>
          <dd>
            {masked ? (
              <Credential place={place} path={`header:${name.toLowerCase()}`} mask={value} />
            ) : (
              <code>{value}</code>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
