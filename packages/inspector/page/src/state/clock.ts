import { signal } from '@preact/signals'

/** How far this browser's clock is behind the inspector's, in milliseconds. */
let behindMs = 0

/** The inspector's time, to the second. */
export const now = signal(Date.now())

export function setClock(serverNow: number): void {
  behindMs = serverNow - Date.now()
  tick()
}

export function startClock(): void {
  setInterval(tick, 1000)
}

function tick(): void {
  now.value = Date.now() + behindMs
}
