import { memoryStore, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { serve } from '@mailbox-hooks/testing/suites'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { BODY, headers, SECRET } from './receiver.js'
import { VERSIONS } from './versions.js'

describe('an Express 4 handler whose promise rejects', () => {
  it('answers nothing, so that its event waits for maxHandlerMs and is handled then', async () => {
    const receive = webhooks({
      providers: [openMail({ secrets: [SECRET] })],
      store: memoryStore(),
      maxHandlerMs: 1_000,
    })
    const rejections: unknown[] = []
    let runs = 0
    const { express } = VERSIONS[0]!
    const app = express().post('/webhooks', receive, (_req, res) => {
      const work = async () => {
        runs += 1
        if (runs === 1) throw new Error('planted')
        res.json({})
      }
      // Express 4 does nothing with the promise of an async handler.
      work().catch((error: unknown) => rejections.push(error))
    })
    const { url, close } = await serve(app)
    onTestFinished(close)
    const client = new AbortController()
    const first = fetch(url, { method: 'POST', headers: headers(), body: BODY, signal: client.signal })
    await vi.waitFor(() => expect(rejections).toHaveLength(1))
    expect((await fetch(url, { method: 'POST', headers: headers(), body: BODY })).status).toBe(503)
    await vi.waitFor(
      async () => {
        expect((await fetch(url, { method: 'POST', headers: headers(), body: BODY })).status).toBe(200)
      },
      { timeout: 5_000 },
    )
    expect(runs).toBe(2)
    client.abort()
    await expect(first).rejects.toThrow()
  })
})
