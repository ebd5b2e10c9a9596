import { type Signal, useSignal, useSignalEffect } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { showNewest } from '../state/pages.ts'
import { book, cursor, isScrolled, waitingCount } from '../state/rows.ts'
import { ROW_PX } from './columns.ts'

/** Rows that are drawn above and below what can be seen. */
const MARGIN_ROWS = 12

/** The list is drawn anew each time it was scrolled by so many rows. */
const STEP_ROWS = 6

export interface VisibleRows {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** The index of the first row that is drawn. */
  readonly start: number
  /** The number of rows that are drawn. */
  readonly count: number
  readonly onScroll: () => void
}

/** Says which rows to draw, and keeps the cursor's row in sight. */
export function useVisibleRows(): VisibleRows {
  const scroller = useRef<HTMLDivElement>(null)
  const first = useSignal(0)
  const height = useHeight(scroller)

  const onScroll = () => {
    const top = scroller.current?.scrollTop ?? 0
    first.value = Math.floor(top / ROW_PX / STEP_ROWS) * STEP_ROWS
    isScrolled.value = top > 4
    if (!isScrolled.value && cursor.value === undefined && waitingCount.value > 0) void showNewest()
  }

  useSignalEffect(() => {
    const key = cursor.value
    if (key !== undefined && scroller.current !== null) show(scroller.current, book.indexOf(key))
  })

  const start = Math.max(0, first.value - MARGIN_ROWS)
  const count = Math.ceil(height.value / ROW_PX) + STEP_ROWS + 2 * MARGIN_ROWS
  return { scroller, start, count, onScroll }
}

function useHeight(element: RefObject<HTMLElement | null>): Signal<number> {
  const height = useSignal(800)
  useLayoutEffect(() => {
    const { current } = element
    if (current === null) return
    const observer = new ResizeObserver(() => {
      height.value = current.clientHeight
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [element, height])
  return height
}

/** Scrolls as far as is necessary to show a row below the head of the list. */
function show(scroller: HTMLElement, index: number): void {
  if (index === -1) return
  const top = index * ROW_PX
  const visible = scroller.clientHeight - ROW_PX
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (top + ROW_PX > scroller.scrollTop + visible) scroller.scrollTop = top + ROW_PX - visible
}
