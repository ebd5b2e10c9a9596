import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { signedDelivery } from '@mailbox-hooks/testing'
import { build } from 'esbuild'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { COMMAND, DIRECTORY, ROOT, run, SECRETS } from './cli.js'

const ended: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

/** An application that knows none of the packages. */
async function application(status = 200): Promise<{ url: string; bodies: Buffer[] }> {
  const bodies: Buffer[] = []
  const server: Server = createServer(async (request, response) => {
    bodies.push(await buffer(request))
    response.writeHead(status).end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ended.push(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, bodies }
}

interface Running {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  find(pattern: RegExp): Promise<string>
  /** Presses Ctrl-C. Resolves to the exit code. */
  stop(): Promise<number | null>
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = SECRETS): Running {
  const [file = '', ...rest] = COMMAND
  const { PATH, HOME } = process.env
  const child = spawn(file, [...rest, ...args], { cwd: ROOT, env: { PATH, HOME, ...env } })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (text) => (output[name] += text))
  ended.push(() => child.kill('SIGKILL'))
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    find: (pattern) =>
      vi.waitFor(() => {
        const found = pattern.exec(output.stdout + output.stderr)
        if (found === null) throw new Error(`There is no ${pattern} in ${output.stdout}${output.stderr}`)
        return found[1] ?? found[0]
      }, 20_000),
    async stop() {
      child.kill('SIGINT')
      const [code] = await once(child, 'close')
      return code as number | null
    },
  }
}

const mail = () => signedDelivery('openmail', 'message.received', { secret: SECRETS.OPENMAIL_WEBHOOK_SECRET })
const mailbox = () => signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: SECRETS.CMR_API_KEY })

const post = (url: string, { headers, body }: { headers: Record<string, string>; body: string }) =>
  fetch(url, { method: 'POST', headers, body })

describe('mailbox-hooks listen', () => {
  it('passes deliveries on, shows them on a page, and ends with Ctrl-C', async () => {
    const { url, bodies } = await application()
    const listening = start(['listen', '--to', url, '--port', '0', '--inspector-port', '0'])
    const at = await listening.find(/Send deliveries to (http:\S+?)\. /)
    const sent = mail()
    expect((await post(at, sent)).status).toBe(200)
    expect(bodies.map(String)).toEqual([sent.body])
    const link = new URL(await listening.find(/Inspector: (http:\S+)/))
    expect((await fetch(link.origin)).status).toBe(200)
    await listening.find(/200 {2}openmail {2}message\.received/)
    expect(await listening.stop()).toBe(0)
  })

  it('prints a line of JSON for each delivery, without credentials and without a page', async () => {
    const { url } = await application()
    const listening = start(['listen', '--to', url, '--port', '0', '--json'])
    const at = await listening.find(/Send deliveries to (http:\S+?)\. /)
    await post(at, mailbox())
    await post(at, { ...mail(), body: '{}' })
    await listening.find(/signature_invalid/)
    const lines = listening
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { provider: 'cold-mail-reseller', type: 'mailbox.created', verified: true, status: 200 },
      { provider: 'openmail', verified: false, code: 'signature_invalid', status: 200 },
    ])
    expect(lines[0].payload.data.mailboxDetails.appPassword).toBe('[redacted]')
    expect(listening.stdout()).not.toContain('Inspector')
    expect(await listening.stop()).toBe(0)
  })

  it('saves what send --body reads, for nobody else', async () => {
    const { url, bodies } = await application()
    const folder = join(mkdtempSync(join(DIRECTORY, 'saved-')), 'new')
    const listening = start(['listen', '--to', url, '--port', '0', '--json', '--save', folder])
    const at = await listening.find(/Send deliveries to (http:\S+?)\. /)
    await post(at, mailbox())
    const names = await vi.waitFor(() => {
      const found = readdirSync(folder)
      expect(found).toHaveLength(2)
      return found
    })
    const body = join(folder, names.find((name) => !name.endsWith('.headers.json'))!)
    const head = join(folder, names.find((name) => name.endsWith('.headers.json'))!)
    expect(readFileSync(body)).toEqual(bodies[0])
    expect(JSON.parse(readFileSync(head, 'utf8'))).toMatchObject({
      provider: 'cold-mail-reseller',
      type: 'mailbox.created',
    })
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(body).mode & 0o777).toBe(0o600)
    const { code } = await run(['send', 'mailbox.created', '--to', url, '--body', body])
    expect(code).toBe(0)
    expect(bodies[1]).toEqual(bodies[0])
    await listening.stop()
  })

  it('plays a broken application', async () => {
    const { url, bodies } = await application()
    const listening = start(['listen', '--to', url, '--port', '0', '--json', '--answer', '500'])
    const at = await listening.find(/Send deliveries to (http:\S+?)\. /)
    expect((await post(at, mail())).status).toBe(500)
    expect(bodies).toEqual([])
    await listening.stop()
  })

  it('says that a port is taken, and that a target is remote', async () => {
    const { url } = await application()
    const port = new URL(url).port
    const taken = await run(['listen', '--to', url, '--port', port, '--json'])
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining(`Port ${port} is taken`) })
    const remote = await run(['listen', '--to', 'https://example.com/hooks'])
    expect(remote).toMatchObject({ code: 2, stderr: expect.stringContaining('not this machine') })
    expect((await run(['listen'])).code).toBe(2)
    expect((await run(['listen', '--to', url, '--answer', 'maybe'])).code).toBe(2)
    expect((await run(['listen', '--to', url, '--port', '70000'])).code).toBe(2)
  })
})

describe('mailbox-hooks inspect', () => {
  it('opens the page on a stored journal, and ends with Ctrl-C', async () => {
    const module = join(DIRECTORY, 'inspected.mjs')
    await build({
      entryPoints: [`${ROOT}packages/cli/test/journal-module.ts`],
      outfile: module,
      tsconfig: `${ROOT}tsconfig.json`,
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    })
    const inspecting = start(['inspect', '--journal', module, '--port', '0'])
    const link = new URL(await inspecting.find(/Inspector: (http:\S+)/))
    const response = await fetch(`${link.origin}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: link.hash.slice('#t='.length) }),
    })
    const { session } = (await response.json()) as { session: string }
    const rows = await fetch(`${link.origin}/api/rows`, { headers: { authorization: `Bearer ${session}` } })
    expect(await rows.json()).toMatchObject({ rows: [{ id: 'openmail:evt_2', state: 'failed' }, {}] })
    expect(await inspecting.stop()).toBe(0)
  })

  it('needs a journal', async () => {
    expect((await run(['inspect'])).code).toBe(2)
  })
})
