import { connectNow } from '../state/connection.ts'
import { isFiltered } from '../state/filters.ts'
import { loading, loadingError, retryOlder } from '../state/pages.ts'
import { book, bookVersion } from '../state/rows.ts'
import { ConnectReceiver, NothingMatches } from './empty-list.tsx'

/** What stands below the last row: skeletons, an error, or why the list is empty. */
export function ListEnd() {
  bookVersion.value
  if (loadingError.value !== undefined) return <LoadingError message={loadingError.value} />
  if (loading.value === 'first') return <Skeleton rows={12} />
  if (loading.value === 'more') return <Skeleton rows={3} />
  if (book.size > 0) return null
  return isFiltered.value ? <NothingMatches /> : <ConnectReceiver />
}

function LoadingError({ message }: { readonly message: string }) {
  const retry = () => (book.size > 0 ? retryOlder() : connectNow())
  return (
    <div class="empty" role="alert">
      <p class="empty-title">The deliveries could not be loaded.</p>
      <p>{message}</p>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </div>
  )
}

function Skeleton({ rows }: { readonly rows: number }) {
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} class="skeleton-row">
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  )
}
