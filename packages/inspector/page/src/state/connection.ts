import { signal } from '@preact/signals'

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly because: string; readonly retryAt: number }

export const connection = signal<Connection>({ kind: 'connecting' })

const LONGEST_PAUSE_MS = 5000

let wakeUp: () => void = () => {}

/** Connects now instead of at the end of the pause. */
export const connectNow = () => wakeUp()

/** Waits before the next try, longer after each failure. */
export async function pauseAfter(failures: number, because: string, signal: AbortSignal): Promise<void> {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** (failures - 1))
  connection.value = { kind: 'lost', because, retryAt: Date.now() + pauseMs }
  await new Promise<void>((resolve) => {
    wakeUp = resolve
    setTimeout(resolve, pauseMs)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
