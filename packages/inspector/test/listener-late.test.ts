import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signedDelivery } from '@mailbox-hooks/testing'
import { expect, it, vi } from 'vitest'
import { openListener } from '../src/index.js'
import { closeLater, SECRETS } from './set-up.js'

const { pauses } = vi.hoisted(() => ({ pauses: [] as { readonly ms: number; end(): void }[] }))

vi.mock('node:timers/promises', async (original) => ({
  ...(await original<object>()),
  setTimeout: (ms: number) => new Promise<void>((end) => pauses.push({ ms, end })),
}))

it('holds the answer of the application for 30 s, where it is played late', async () => {
  let handled = 0
  const application = createServer((_request, response) => {
    handled += 1
    response.writeHead(202).end('thanks')
  })
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  closeLater(() => application.close())
  const to = `http://127.0.0.1:${(application.address() as AddressInfo).port}`
  const listener = await openListener({ to, port: 0, answer: 'late', inspector: false })
  closeLater(() => listener.close())

  const { headers, body } = signedDelivery('openmail', 'message.received', { secret: SECRETS.openMail })
  let status = 0
  const answered = fetch(listener.url, { method: 'POST', headers, body }).then((response) => {
    status = response.status
  })
  await vi.waitFor(() => expect(pauses).toHaveLength(1))
  expect({ handled, status, ms: pauses[0]!.ms }).toEqual({ handled: 1, status: 0, ms: 30_000 })
  pauses[0]!.end()
  await answered
  expect(status).toBe(202)
})
