import { closeDetail, openDetail, opened } from './detail.ts'
import { showNewest } from './pages.ts'
import { book, cursor } from './rows.ts'

/** Moves the cursor by some rows. An open detail follows it. */
export function moveCursor(by: number): void {
  if (book.size === 0) return
  const from = cursor.value === undefined ? -1 : book.indexOf(cursor.value)
  const to = from === -1 ? 0 : Math.min(book.size - 1, Math.max(0, from + by))
  const key = book.at(to)?.key
  if (key === undefined) return
  cursor.value = key
  if (opened.value !== undefined) openDetail(key)
}

export function openCursor(): void {
  if (cursor.value !== undefined) openDetail(cursor.value)
}

/** Closes the detail; without one, gives up the cursor, so that the list moves on. */
export function stepBack(): void {
  if (opened.value !== undefined) closeDetail()
  else if (cursor.value !== undefined) {
    cursor.value = undefined
    void showNewest()
  }
}
