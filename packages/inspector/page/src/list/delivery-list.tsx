import { useSignal, useSignalEffect } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { openDetail } from '../state/detail.ts'
import { hasMore, loadOlder } from '../state/pages.ts'
import { book, bookVersion, cursor, isScrolled, showWaiting } from '../state/rows.ts'
import { COLUMNS, ROW_PX } from './columns.ts'
import { DeliveryRow, rowId } from './delivery-row.tsx'
import { ListEnd } from './list-end.tsx'
import { NewRowsPill } from './new-rows-pill.tsx'

/** Rows that are drawn above and below what can be seen. */
const MARGIN_ROWS = 12

/** Older rows are asked for when so many are left below. */
const AHEAD_ROWS = 300

/** The list. Of any number of rows it draws those that can be seen. */
export function DeliveryList() {
  const scroller = useRef<HTMLDivElement>(null)
  const first = useSignal(0)
  const height = useSignal(800)

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      height.value = element.clientHeight
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [height])

  const follow = () => {
    const top = scroller.current?.scrollTop ?? 0
    first.value = Math.floor(top / ROW_PX)
    isScrolled.value = top > 4
    if (!isScrolled.value && cursor.value === undefined) showWaiting()
  }

  useSignalEffect(() => {
    const key = cursor.value
    const element = scroller.current
    if (key !== undefined && element !== null) show(element, book.indexOf(key))
  })

  // Read, so that the list is drawn anew when the book changes.
  bookVersion.value
  const start = Math.max(0, first.value - MARGIN_ROWS)
  const drawn = Math.ceil(height.value / ROW_PX) + 2 * MARGIN_ROWS
  const end = Math.min(book.size, start + drawn)
  useLayoutEffect(() => {
    if (hasMore.value && end > book.size - AHEAD_ROWS) void loadOlder()
  })

  const cursorIndex = cursor.value === undefined ? -1 : book.indexOf(cursor.value)
  const isCursorDrawn = cursorIndex >= start && cursorIndex < end
  return (
    <div class="list">
      <NewRowsPill toTop={() => scroller.current?.scrollTo({ top: 0 })} />
      <div
        ref={scroller}
        id="deliveries"
        class="scroller"
        role="grid"
        tabIndex={0}
        aria-label="Deliveries, newest first"
        aria-rowcount={hasMore.value ? -1 : book.size + 1}
        aria-activedescendant={isCursorDrawn && cursor.value !== undefined ? rowId(cursor.value) : undefined}
        onScroll={follow}
        onClick={(event) => openClicked(event.target)}
        onKeyDown={() => {}}
      >
        <div role="row" class="list-head" aria-rowindex={1}>
          {COLUMNS.map(([name, title]) => (
            <div key={name} role="columnheader" class={`cell cell-${name}`}>
              {title}
            </div>
          ))}
        </div>
        <div role="rowgroup" class="rows" style={{ height: `${book.size * ROW_PX}px` }}>
          {range(start, end).map((index) => {
            const row = book.at(index)
            // The same elements serve the rows that come into sight.
            return row && <DeliveryRow key={index % drawn} row={row} index={index} isCursor={index === cursorIndex} />
          })}
        </div>
        <ListEnd />
      </div>
    </div>
  )
}

function openClicked(target: EventTarget | null): void {
  const key = target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset.key : undefined
  if (key !== undefined) openDetail(key)
}

/** Scrolls as far as is necessary to show a row below the head of the list. */
function show(scroller: HTMLElement, index: number): void {
  if (index === -1) return
  const top = index * ROW_PX
  const visible = scroller.clientHeight - ROW_PX
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (top + ROW_PX > scroller.scrollTop + visible) scroller.scrollTop = top + ROW_PX - visible
}

const range = (start: number, end: number) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)
