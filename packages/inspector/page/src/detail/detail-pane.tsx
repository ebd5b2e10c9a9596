import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { closeDetail, detailState, opened, reloadDetail } from '../state/detail.ts'
import { DetailBody } from './detail-body.tsx'
import { DetailHead } from './detail-head.tsx'

/** The width of a window from which the list stays visible beside the detail. */
const BESIDE = '(min-width: 960px)'

/** One delivery: beside the list, or over it in a narrow window. */
export function DetailPane() {
  const pane = useRef<HTMLElement>(null)
  const key = opened.value
  // Over the list the focus has to follow; beside it, j and k go on in the list.
  useEffect(() => {
    if (matchMedia(BESIDE).matches) return
    pane.current?.focus()
    return () => document.getElementById('deliveries')?.focus({ preventScroll: true })
  }, [])
  // Each delivery is read from its top.
  useEffect(() => {
    if (key !== undefined) pane.current?.scrollTo({ top: 0 })
  }, [key])
  return (
    <aside ref={pane} class="detail" tabIndex={-1} aria-label="Delivery">
      <button type="button" class="button is-quiet detail-close" aria-label="Close the delivery" onClick={closeDetail}>
        <Icon name="close" />
      </button>
      <Content />
    </aside>
  )
}

function Content() {
  const state = detailState.value
  if (state.kind === 'ready') {
    return (
      <>
        <DetailHead detail={state.detail} />
        <DetailBody detail={state.detail} />
      </>
    )
  }
  if (state.kind === 'loading') return <Loading />
  return (
    <div class="empty" role="alert">
      <p class="empty-title">This delivery could not be loaded.</p>
      <p>{state.message}</p>
      <button type="button" class="button" onClick={reloadDetail}>
        Try again
      </button>
    </div>
  )
}

function Loading() {
  return (
    <div class="skeleton is-detail" role="status" aria-label="Loading">
      <div class="skeleton-row">
        <span />
      </div>
      <div class="skeleton-row">
        <span />
        <span />
      </div>
      <div class="skeleton-row">
        <span />
        <span />
      </div>
    </div>
  )
}
