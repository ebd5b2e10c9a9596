import { Icon } from '../parts/icon.tsx'
import { showWaiting, waitingCount } from '../state/rows.ts'

/** Counts the rows that wait above, because somebody reads. */
export function NewRowsPill({ toTop }: { readonly toTop: () => void }) {
  const count = waitingCount.value
  const show = () => {
    showWaiting()
    toTop()
  }
  return (
    <div class="pill-place" aria-live="polite">
      {count > 0 && (
        <button type="button" class="pill" onClick={show}>
          <Icon name="up" />
          {count.toLocaleString('en')} new {count === 1 ? 'delivery' : 'deliveries'}
        </button>
      )}
    </div>
  )
}
