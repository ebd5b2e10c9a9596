import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it, vi } from 'vitest'
import { folderOf } from '../../folder-of.ts'

interface Row {
  readonly state: string
  readonly code?: string
}

it('plays deliveries, refusals, failures and retries into an open inspector, until Ctrl-C', async () => {
  const command = spawn('npm', ['start', '--silent'], {
    cwd: folderOf('inspector'),
    env: { ...process.env, PORT: '0' },
    detached: true,
  })
  let output = ''
  for (const stream of [command.stdout, command.stderr]) stream.on('data', (text) => (output += text))
  try {
    const link = await vi.waitFor(() => new URL(/Inspector: (\S+)/.exec(output)![1]!), {
      timeout: 50_000,
      interval: 100,
    })
    const session = await fetch(`${link.origin}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: link.hash.slice('#t='.length) }),
    })
    const { session: token } = (await session.json()) as { session: string }
    const rows = async () => {
      const response = await fetch(`${link.origin}/api/rows`, { headers: { authorization: `Bearer ${token}` } })
      return ((await response.json()) as { rows: Row[] }).rows
    }
    const states = async () => new Set((await rows()).map(({ state, code }) => code ?? state))
    await vi.waitFor(
      async () =>
        expect([...(await states())]).toEqual(
          expect.arrayContaining([
            ...['handled', 'signature_invalid', 'signature_repeated', 'timestamp_invalid', 'provider_unknown'],
            'payload_invalid',
          ]),
        ),
      { timeout: 50_000, interval: 200 },
    )
  } finally {
    // As Ctrl-C does, for npm and what it started.
    process.kill(-command.pid!, 'SIGINT')
  }
  await once(command, 'close')
  expect(output).not.toContain('Error')
})
