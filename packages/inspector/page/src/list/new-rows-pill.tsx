import { Icon } from '../parts/icon.tsx'
import { showNewest } from '../state/pages.ts'
import { hasWaitingGap, waitingCount } from '../state/rows.ts'

/** Counts the rows that wait above, because somebody reads. */
export function NewRowsPill({ toTop }: { readonly toTop: () => void }) {
  const count = waitingCount.value
  const show = () => {
    void showNewest()
    toTop()
  }
  return (
    <div class="pill-place" aria-live="polite">
      {count > 0 && (
        <button type="button" class="pill" onClick={show}>
          <Icon name="up" />
          {count.toLocaleString('en')}
          {hasWaitingGap() && '+'} new {count === 1 ? 'delivery' : 'deliveries'}
        </button>
      )}
    </div>
  )
}
