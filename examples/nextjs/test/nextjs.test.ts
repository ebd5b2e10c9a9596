import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { folderOf, isCopied } from '../../folder-of.ts'
import { handlesOnce, start } from '../../quickstart-tests.ts'

const SECRETS = ['CMR_API_KEY', 'INBOXKIT_API_KEY', 'OPENMAIL_WEBHOOK_SECRET']

/** The environment without any secret of the example, as that of a build server. */
const withoutSecrets = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRETS.includes(name)))

// The original is not installed: Next takes as much time and space as everything else together.
describe.runIf(isCopied)('nextjs', () => {
  it('is built without secrets, and handles a signed delivery once by each router', { timeout: 300_000 }, async () => {
    const cwd = folderOf('nextjs')
    const build = spawnSync('npm', ['run', 'build'], { cwd, env: withoutSecrets, encoding: 'utf8' })
    expect(build.status, build.stdout + build.stderr).toBe(0)
    expect(build.stdout).not.toContain('tsconfig.json')

    const { url, output } = await start('nextjs', {}, 'Ready in')
    await handlesOnce({ url, output })
    await handlesOnce({ url: url.replace('/webhooks', '/api/webhooks'), output })
  })
})
