import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { hasTerminal, run, runInTerminal } from './cli.js'

const ESCAPE = '\u001b'

describe('mailbox-hooks events', () => {
  it('lists the events of all providers, a line each, without any secret', async () => {
    const { code, stdout, stderr } = await run(['events'], { env: {} })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Cold Mail Reseller')
    expect(stdout.match(/^ {2}[a-z_.]+ {2,}[A-Z].*\.$/gm)).toHaveLength(74)
    expect(stdout).not.toContain(ESCAPE)
  })

  it('prints JSON for machines', async () => {
    const { stdout } = await run(['events', '--json'], { env: {} })
    const events: { provider: string; event: string }[] = JSON.parse(stdout)
    expect(events).toHaveLength(74)
    expect(events).toContainEqual(expect.objectContaining({ provider: 'inboxkit', event: 'domain.status_changed' }))
  })

  it('shows the fields and a sample of one', async () => {
    const { code, stdout } = await run(['events', 'mailbox.created'], { env: {} })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ {2}data\.mailboxDetails\.email +string$/m)
    expect(stdout).toMatch(/^ {2}data\.mailboxDetails\.appPassword +string +optional +credential$/m)
    expect(stdout).toMatch(/^ {2}data\.workspaceType +string +GOOGLE, MICROSOFT$/m)
    expect(JSON.parse(stdout.slice(stdout.indexOf('\n{')))).toMatchObject({ event: 'mailbox.created' })
  })

  it('shows fields inside lists, and more than one type', async () => {
    const { stdout } = await run(['events', 'message.received', '--json'], { env: {} })
    const { fields }: { fields: { path: string; type: string }[] } = JSON.parse(stdout)
    expect(fields).toContainEqual(expect.objectContaining({ path: 'message.cc', type: 'string[] | string | null' }))
    expect(fields).toContainEqual(expect.objectContaining({ path: 'message.attachments[].filename', optional: true }))
  })

  it('suggests the name that was meant', async () => {
    const { code, stdout, stderr } = await run(['events', 'mailbox.crated'], { env: {} })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(
      'error: There is no event mailbox.crated. Did you mean mailbox.created? "mailbox-hooks events" lists them all.\n',
    )
  })

  it.skipIf(!hasTerminal())('is coloured in a terminal, and not against NO_COLOR', async () => {
    expect((await runInTerminal(['events'], { env: {} })).stdout).toContain(`${ESCAPE}[36mmailbox.created`)
    expect((await runInTerminal(['events'], { env: { NO_COLOR: '1' } })).stdout).not.toContain(ESCAPE)
  })
})

describe('mailbox-hooks', () => {
  it.each(['--version', '-V'])('%s prints the version of the package', async (flag) => {
    const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
    expect(await run([flag])).toEqual({ code: 0, stdout: `${JSON.parse(manifest).version}\n`, stderr: '' })
  })

  it.each([
    [['--help'], '$ mailbox-hooks events'],
    [['events', '--help'], '$ mailbox-hooks events mailbox.created'],
    [['send', '--help'], '$ mailbox-hooks send mailbox.created --to http://localhost:3000/webhooks'],
    [['scenario', '--help'], '$ mailbox-hooks scenario order --to http://localhost:3000/webhooks --json'],
    [['explain', '--help'], '$ mailbox-hooks explain --har capture.har'],
  ])('%j shows an example', async (args, example) => {
    const { code, stdout, stderr } = await run(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(example)
  })

  it.each([
    [['sned'], /unknown command 'sned'\n\(Did you mean send\?\)/],
    [['send', 'mailbox.created'], /required option '--to <url>'/],
    [
      ['send', 'mailbox.created', '--to', 'http://localhost', '--tmes', '2'],
      /unknown option '--tmes'\n\(Did you mean --times\?\)/,
    ],
    [['send', 'mailbox.created', '--to', 'http://localhost', '--times', '0'], /whole number from 1/],
    [
      ['send', 'mailbox.created', '--to', 'localhost:3000/hooks'],
      /an http or https address\. Did you mean http:\/\/localhost:3000\/hooks\?/,
    ],
    [['send', 'mailbox.created', '--to', '127.0.0.1:3000'], /Did you mean http:\/\/127\.0\.0\.1:3000\?/],
    [['send', 'mailbox.created', '--to', 'ftp://localhost'], /http or https address, e\.g\. http:\/\/localhost:3000/],
    [['send', 'mailbox.created', '--to', '/webhooks'], /http or https address, e\.g\. http:\/\/localhost:3000/],
    [['send', 'mailbox.created', '--to', 'key:planted@localhost'], /address, e\.g\. /],
    [['scenario', 'ordr', '--to', 'http://localhost'], /There is no scenario ordr\. Did you mean order\?/],
    [['explain', '--body', 'no-such-file', '--provider', 'opnmail'], /no-such-file cannot be read \(ENOENT\)/],
    [['explain', '--body', '-', '--provider', 'opnmail'], /There is no provider opnmail\. Did you mean openmail\?/],
  ])('%j is a wrong command: exit code 2, one message, no stack trace', async (args, message) => {
    const { code, stdout, stderr } = await run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})
