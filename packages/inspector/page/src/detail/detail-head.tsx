import type { Detail } from '../../../src/api.ts'
import { dateTime } from '../format/time.ts'
import { Verdict } from '../parts/verdict.tsx'
import { titleOf } from '../state/overview.ts'

export function DetailHead({ detail: { row } }: { readonly detail: Detail }) {
  return (
    <header class="detail-head">
      <h2>{row.type ?? (row.kind === 'refusal' ? 'Refused delivery' : 'Unknown event')}</h2>
      <p class="detail-line">
        <Verdict state={row.state} />
        {row.code !== undefined && <span class="code">{row.code}</span>}
        <span>{titleOf(row.provider)}</span>
        {row.account !== undefined && <span>{row.account}</span>}
        <time dateTime={new Date(row.at).toISOString()}>{dateTime(row.at)}</time>
      </p>
      {row.about !== undefined && <p class="detail-about">{row.about}</p>}
    </header>
  )
}
