import { useLayoutEffect } from 'preact/hooks'
import { openDetail } from '../state/detail.ts'
import { hasMore, loadOlder } from '../state/pages.ts'
import { book, bookVersion, cursor } from '../state/rows.ts'
import { COLUMNS, ROW_PX } from './columns.ts'
import { DeliveryRow, rowId } from './delivery-row.tsx'
import { ListEnd } from './list-end.tsx'
import { NewRowsPill } from './new-rows-pill.tsx'
import { useVisibleRows } from './visible-rows.ts'

/** Older rows are asked for when so many are left below. */
const AHEAD_ROWS = 300

/** The list. Of any number of rows it draws those that can be seen. */
export function DeliveryList() {
  const { scroller, start, count, onScroll } = useVisibleRows()
  // Read, so that the list is drawn anew when the book changes.
  bookVersion.value
  const end = Math.min(book.size, start + count)
  useLayoutEffect(() => {
    if (hasMore.value && end > book.size - AHEAD_ROWS) void loadOlder()
  })

  const cursorIndex = cursor.value === undefined ? -1 : book.indexOf(cursor.value)
  const isCursorDrawn = cursorIndex >= start && cursorIndex < end
  return (
    <div class="list">
      <NewRowsPill toTop={() => scroller.current?.scrollTo({ top: 0 })} />
      <div ref={scroller} class="scroller" onScroll={onScroll}>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: The keys of the whole page open rows, too. */}
        <div
          id="deliveries"
          role="grid"
          tabIndex={0}
          aria-label="Deliveries, newest first"
          aria-rowcount={hasMore.value ? -1 : book.size + 1}
          aria-activedescendant={isCursorDrawn && cursor.value !== undefined ? rowId(cursor.value) : undefined}
          onClick={(event) => openClicked(event.target)}
        >
          <ListHead />
          <div role="rowgroup" class="rows" style={{ height: `${book.size * ROW_PX}px` }}>
            {range(start, end).map((index) => {
              const row = book.at(index)
              // The same elements serve the rows that come into sight.
              return row && <DeliveryRow key={index % count} row={row} index={index} isCursor={index === cursorIndex} />
            })}
          </div>
        </div>
        <ListEnd />
      </div>
    </div>
  )
}

function ListHead() {
  return (
    <div role="row" class="list-head" aria-rowindex={1}>
      {COLUMNS.map(([name, title]) => (
        <div key={name} role="columnheader" class={`cell cell-${name}`}>
          {title}
        </div>
      ))}
    </div>
  )
}

function openClicked(target: EventTarget | null): void {
  const key = target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset.key : undefined
  if (key !== undefined) openDetail(key)
}

const range = (start: number, end: number) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)
