import { moveCursor, openCursor, stepBack } from '../state/moves.ts'
import { replayOpened } from '../state/replay-opened.ts'
import { isHelping } from './is-helping.ts'

const PAGE = 10

/** Keys that work wherever the focus is, except in fields. */
const EVERYWHERE: Readonly<Record<string, () => void>> = {
  j: () => moveCursor(1),
  k: () => moveCursor(-1),
  r: replayOpened,
  '/': focusSearch,
  '?': () => {
    isHelping.value = true
  },
  Escape: stepBack,
}

/** Keys that work in the list only, because buttons and the detail use them, too. */
const IN_LIST: Readonly<Record<string, () => void>> = {
  ArrowDown: () => moveCursor(1),
  ArrowUp: () => moveCursor(-1),
  PageDown: () => moveCursor(PAGE),
  PageUp: () => moveCursor(-PAGE),
  Home: () => moveCursor(-Number.MAX_SAFE_INTEGER),
  End: () => moveCursor(Number.MAX_SAFE_INTEGER),
  Enter: openCursor,
}

export function startKeyboard(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    // A dialog has keys of its own, also when nothing in it has the focus.
    if (document.querySelector('dialog[open]') !== null) return
    const target = event.target instanceof Element ? event.target : document.body
    if (isField(target)) {
      if (event.key === 'Escape' && target instanceof HTMLElement) leave(target)
      return
    }
    const effect = EVERYWHERE[event.key] ?? (isInList(target) ? IN_LIST[event.key] : undefined)
    if (effect === undefined) return
    event.preventDefault()
    effect()
  })
}

const isField = (target: Element) => target.matches('input:not([type=radio]), textarea, select')
const isInList = (target: Element) => target === document.body || target.id === 'deliveries'

function focusSearch(): void {
  const field = document.getElementById('search')
  if (!(field instanceof HTMLInputElement)) return
  field.focus()
  field.select()
}

/** Leaves a field for the list, so that the next key works there. */
function leave(field: HTMLElement): void {
  field.blur()
  document.getElementById('deliveries')?.focus({ preventScroll: true })
}
