import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DIRECTORY, ROOT, run } from './cli.js'

const MODULE = join(DIRECTORY, 'journal.mjs')
await build({
  entryPoints: [`${ROOT}packages/cli/test/journal-module.ts`],
  outfile: MODULE,
  tsconfig: `${ROOT}tsconfig.json`,
  bundle: true,
  platform: 'node',
  format: 'esm',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
})

const journal = (...args: string[]) => run(['journal', ...args, '--journal', MODULE])

describe('mailbox-hooks journal', () => {
  it('says whether it came, when, how often, and what was answered, and ends by itself', async () => {
    const { code, stdout } = await journal('find', '--about', 'inb_7', '--type', 'message.received')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}message\.received {2}openmail:evt_1 +handled +1 +handled 200/m,
    )
    expect(stdout).toMatch(/openmail:evt_2 +failed +2 +failed 500 {2}RangeError: still no room/)
  })

  it('says why it failed, and shows the payload with its credentials masked', async () => {
    const { stdout } = await journal('show', 'openmail:evt_2')
    expect(stdout).toMatch(/^ +1 .* provider +failed +500 .* RangeError: no room for \[redacted\]/m)
    expect(stdout).toContain('"smtp_password": "[redacted]"')
    expect(stdout).not.toContain('planted-password')
    expect(stdout).not.toContain('\u001b')
  })

  it('prints JSON for programs', async () => {
    const { entries } = JSON.parse((await journal('find', '--state', 'failed', '--json')).stdout)
    expect(entries).toMatchObject([{ id: 'openmail:evt_2', attempts: [{ number: 1 }, { number: 2 }] }])
    const { providers } = JSON.parse((await journal('stats', '--json')).stdout)
    expect(providers).toMatchObject([{ provider: 'openmail', states: { handled: 1, failed: 1 } }])
  })

  it('counts by state', async () => {
    expect((await journal('stats')).stdout).toMatch(/^ {2}openmail +1 +0 +0 +1 +0 +\d{4}-/m)
  })

  it('does not reveal credentials without a confirmation', async () => {
    const { code, stdout, stderr } = await journal('show', 'openmail:evt_2', '--reveal')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('This needs a terminal')
  })

  it('erases what is about an address, after a yes', async () => {
    expect((await journal('erase', '--about', 'inb_7')).code).toBe(2)
    expect((await journal('erase', '--about', 'inb_7', '--yes')).stdout).toBe('2 entries erased.\n')
  })

  it('sends a ticket for each entry that failed, and says what became of it', async () => {
    const tickets: unknown[] = []
    const server = createServer((request, response) => {
      tickets.push([request.method, request.headers['x-mailbox-hooks-replay'], request.headers['content-length']])
      response.writeHead(tickets.length === 1 ? 200 : 409).end('{"received":false,"error":"ticket_spent"}')
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`
    const first = await journal('replay', '--since', '1h', '--to', to)
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/handled {2}200 {2}openmail:evt_2/)])
    const second = await journal('replay', 'openmail:evt_1', '--to', to)
    expect([second.code, second.stdout]).toEqual([
      1,
      expect.stringMatching(/failed {3}409 {2}openmail:evt_1 {2}ticket_spent/),
    ])
    expect(tickets).toEqual([
      ['POST', expect.stringMatching(/^[\w-]+\.[\w-]{43}$/), '0'],
      ['POST', expect.stringMatching(/^[\w-]+\.[\w-]{43}$/), '0'],
    ])
  })

  it.each([
    [['find'], 'Pass --journal <file>'],
    [['find', '--journal', '/nowhere.mjs'], 'Cannot load /nowhere.mjs'],
    [['find', '--journal', MODULE, '--since', 'soon'], '"soon" is not a time'],
    [['find', '--journal', MODULE, '--state', 'lost'], 'There is no state "lost"'],
    [['show', 'openmail:evt_9', '--journal', MODULE], 'The journal has no entry openmail:evt_9.'],
    [['replay', '--journal', MODULE, '--to', 'http://127.0.0.1:9/'], 'Name the entries'],
    [['replay', 'openmail:evt_1', '--journal', MODULE, '--to', 'http://example.com/'], 'is not this machine'],
    [['erase', '--journal', MODULE], 'Pass either --id or --about.'],
  ])('%j says what is wrong', async (args, message) => {
    const { code, stderr } = await run(['journal', ...args])
    expect(code).not.toBe(0)
    expect(stderr).toContain(message)
  })
})
