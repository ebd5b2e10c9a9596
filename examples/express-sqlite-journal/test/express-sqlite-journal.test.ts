import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { findBetterSqlite3 } from '../../../test/servers/better-sqlite3.ts'
import { messageReceived, send, start } from '../../quickstart-tests.ts'

it.skipIf(findBetterSqlite3() === undefined)(
  'express-sqlite-journal answers first, works later, and knows what came',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'express-sqlite-journal-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const environment = { DATABASE_FILE: join(folder, 'webhooks.db') }

    const first = await start('express-sqlite-journal', environment)
    expect(await send(first.url, messageReceived())).toEqual([200, { received: true, queued: true }])
    await vi.waitFor(() => expect(first.output()).toContain('mail from Ada Byron'), 5_000)
    await first.stop()

    const second = await start('express-sqlite-journal', environment)
    expect(await send(second.url, messageReceived())).toEqual([200, { received: true, duplicate: true }])
    expect(second.output()).not.toContain('mail from')
  },
)
