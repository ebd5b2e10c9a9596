import { signedDelivery } from '@mailbox-hooks/testing'
import { afterEach, beforeEach, vi } from 'vitest'
import type { Sent } from './request.js'

/** When the deliveries are sent. */
export const NOW = 1_767_225_600_000

/** The event of this id, as OpenMail delivers it. */
export const sent = (id: string): Sent =>
  signedDelivery('openmail', 'message.received', { secret: 'key', at: NOW, payload: { event_id: id } })

/** Time stands still in each test of the file, timers too. */
export function freezeTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
}
