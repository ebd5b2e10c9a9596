import type { Detail } from '../../../src/api.ts'
import { adviceFor } from '../format/advice.ts'
import { Icon } from '../parts/icon.tsx'

/** Says at the top of a refusal what is wrong and what to do. */
export function WhyRefused({ detail: { row, diagnosis } }: { readonly detail: Detail }) {
  if (row.kind !== 'refusal') return null
  const known = adviceFor(row.code)
  const reason = diagnosis?.reason ?? known?.reason ?? 'The receiver refused this delivery.'
  const advice = diagnosis === undefined ? known?.advice : diagnosis.advice
  return (
    <section class="why tone-refused" aria-labelledby="why">
      <h3 id="why">
        <Icon name="Refused" />
        Why it was refused
      </h3>
      <p class="why-reason">{reason}</p>
      {advice !== undefined && (
        <p class="why-advice">
          <strong>What to do.</strong> {advice}
        </p>
      )}
      {diagnosis !== undefined && diagnosis.details.length > 0 && (
        <ul>
          {diagnosis.details.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
