import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { PrivateSchema } from '../../../test/servers/private-schema.ts'
import { findPostgres } from '../../../test/servers/services.ts'
import { folderOf } from '../../folder-of.ts'
import { messageReceived, send, start } from '../../quickstart-tests.ts'

const postgres = await findPostgres()
const COMMAND_LINE = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url))

it.skipIf(postgres.isAbsent)(
  'express-postgres-journal brings back what a bug has failed',
  { timeout: 60_000 },
  async () => {
    const schema = await PrivateSchema.create(postgres.url)
    onTestFinished(() => schema.drop())
    const environment = { POSTGRES_URL: schema.url }
    const journal = (...args: string[]) => {
      const command = ['--env-file=.env.example', COMMAND_LINE, 'journal', ...args, '--journal', './journal.mjs']
      return spawnSync(process.execPath, command, {
        cwd: folderOf('express-postgres-journal'),
        env: { ...process.env, ...environment },
        encoding: 'utf8',
      }).stdout
    }

    const broken = await start('express-postgres-journal', { ...environment, BROKEN: 'yes' })
    for (const id of ['evt_1', 'evt_2']) {
      const { headers, body } = messageReceived(id)
      expect((await fetch(broken.url, { method: 'POST', headers, body })).status).toBe(500)
    }
    await broken.stop()
    expect(journal('find', '--state', 'failed')).toMatch(
      /openmail:evt_2 +failed +1 +failed 500 {2}TypeError: the handler has a bug/,
    )

    const mended = await start('express-postgres-journal', environment)
    expect(journal('replay', '--state', 'failed', '--to', mended.url)).toMatch(
      /handled {2}200 {2}openmail:evt_1\n.*handled {2}200 {2}openmail:evt_2/,
    )
    await vi.waitFor(() => expect(mended.output().match(/replayed Ada Byron/g)).toHaveLength(2))
    expect(await send(mended.url, messageReceived('evt_1'))).toEqual([200, { received: true, duplicate: true }])
    expect(journal('stats')).toMatch(/openmail +2 +0 +0 +0 +0/)
  },
)
