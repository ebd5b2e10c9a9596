import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { findBetterSqlite3 } from '../../../test/servers/better-sqlite3.ts'
import { messageReceived, send, start } from '../../quickstart-tests.ts'

it.skipIf(findBetterSqlite3() === undefined)('express-sqlite knows after a restart what it has handled', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'express-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const environment = { DATABASE_FILE: join(folder, 'webhooks.db') }

  const first = await start('express-sqlite', environment)
  expect(await send(first.url, messageReceived())).toEqual([200, { received: true }])
  await first.stop()

  const second = await start('express-sqlite', environment)
  expect(await send(second.url, messageReceived())).toEqual([200, { received: true, duplicate: true }])
})
