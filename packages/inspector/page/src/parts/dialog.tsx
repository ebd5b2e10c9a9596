import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

interface Props {
  readonly title: string
  readonly isOpen: Signal<boolean>
  readonly children: ComponentChildren
}

/** A dialog of the browser: it keeps the focus, and closes with Escape. Its content is made when it is opened. */
export function Dialog({ title, isOpen, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  const shown = isOpen.value
  useLayoutEffect(() => {
    if (shown) element.current?.showModal()
    else element.current?.close()
  }, [shown])
  const close = () => {
    isOpen.value = false
  }
  return (
    <dialog ref={element} class="dialog" aria-label={title} onClose={close}>
      {shown && (
        <>
          <div class="dialog-head">
            <h2>{title}</h2>
            <button type="button" class="button is-quiet is-square" aria-label="Close" onClick={close}>
              <Icon name="close" />
            </button>
          </div>
          {children}
        </>
      )}
    </dialog>
  )
}
