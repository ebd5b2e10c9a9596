import { createHash } from 'node:crypto'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALL_SECRETS, hasTerminal, run, runInTerminal, SECRETS } from './cli.js'
import { careful, echoing } from './receivers.js'

describe('mailbox-hooks send', () => {
  it('delivers one signed event and prints status, time and answer', async () => {
    const { code, stdout, stderr } = await run(['send', 'mailbox.created', '--to', await careful()])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^mailbox\.created {2}200 {2}\d+ ms {2}\{"received":true\}\n$/)
  })

  it('sends the same event several times, and another one with the next command', async () => {
    const to = await careful()
    const { stdout } = await run(['send', 'message.received', '--to', to, '--times', '2'])
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/\{"received":true\}$/),
      expect.stringMatching(/\{"received":true,"duplicate":true\}$/),
    ])
    expect((await run(['send', 'message.received', '--to', to])).stdout).toMatch(/\{"received":true\}\n$/)
  })

  it.each([
    ['mailbox.created', ['--stale'], '401', 'timestamp_invalid'],
    ['message.received', ['--stale'], '401', 'timestamp_invalid'],
    ['mailbox.status_changed', ['--stale'], '503', 'timestamp_invalid'],
    ['mailbox.created', ['--tamper'], '401', 'signature_invalid'],
    ['mailbox.status_changed', ['--tamper', '--reading', 'body'], '401', 'signature_invalid'],
    ['mailbox.created', ['--secret', 'another-secret'], '401', 'signature_invalid'],
  ])('%s %j is refused, which makes the exit code 1', async (event, options, status, error) => {
    const { code, stdout } = await run(['send', event, '--to', await careful(), ...options])
    expect(code).toBe(1)
    expect(stdout).toContain(`  ${status}  `)
    expect(stdout).toContain(`{"received":false,"error":"${error}"}`)
  })

  it("says that InboxKit's signature does not cover what was tampered with", async () => {
    const { code, stderr } = await run(['send', 'mailbox.status_changed', '--to', await careful(), '--tamper'])
    expect(code).toBe(0)
    expect(stderr).toContain('no receiver can notice')
  })

  it('plays the provider whose secret is known, where several have the event', async () => {
    const { AGENTMAIL_WEBHOOK_SECRET, OPENMAIL_WEBHOOK_SECRET } = ALL_SECRETS
    const playedWith = async (env: NodeJS.ProcessEnv, ...options: string[]) => {
      const command = ['send', 'message.received', '--to', await echoing(), '--json', ...options]
      return JSON.parse((await run(command, { env })).stdout)[0].provider
    }
    expect(await playedWith({ AGENTMAIL_WEBHOOK_SECRET })).toBe('agentmail')
    expect(await playedWith({ AGENTMAIL_WEBHOOK_SECRET, OPENMAIL_WEBHOOK_SECRET })).toBe('openmail')
    expect(await playedWith({}, '--secret', 'given-on-the-line')).toBe('openmail')
  })

  it('sets fields of the sample', async () => {
    const fields = ['--set', 'data.price=3', '--set', 'data.domain=new.example', '--set', 'eventId=MINE']
    const { stdout } = await run(['send', 'mailbox.created', '--to', await echoing(), '--json', ...fields])
    const [{ answer, ...sent }] = JSON.parse(stdout)
    expect(sent).toEqual({
      provider: 'cold-mail-reseller',
      event: 'mailbox.created',
      status: 200,
      durationMs: expect.any(Number),
    })
    const { headers, body } = JSON.parse(answer)
    expect(JSON.parse(body)).toMatchObject({
      eventId: 'MINE',
      data: { price: 3, domain: 'new.example', orderId: expect.any(String) },
    })
    expect(headers).toMatchObject({ 'cmr-x-timestamp': expect.stringMatching(/^\d{10}$/) })
  })

  it('sends the bytes of a file, or of stdin', async () => {
    const to = await echoing()
    const file = join(await mkdtemp(join(tmpdir(), 'mailbox-hooks-')), 'body.json')
    await writeFile(file, '{ "event" : 1 }\n')
    const sent = [
      await run(['send', 'pod.suspended', '--to', to, '--json', '--body', file]),
      await run(['send', 'pod.suspended', '--to', to, '--json', '--body', '-'], { input: '{ "event" : 1 }\n' }),
    ]
    for (const { stdout } of sent) expect(JSON.parse(JSON.parse(stdout)[0].answer).body).toBe('{ "event" : 1 }\n')
  })

  it('never echoes the secret or the signature, even when the receiver does', async () => {
    for (const event of ['mailbox.created', 'mailbox.status_changed', 'message.received']) {
      const to = await echoing()
      const { stdout } = await run(['send', event, '--to', to, '--json'])
      expect(stdout).toContain('[hidden]')
      expect(stdout).not.toMatch(/[0-9a-f]{64}/)
    }
    const { stdout } = await run(['send', 'mailbox.created', '--to', await echoing(`key: ${SECRETS.CMR_API_KEY}`)])
    expect(stdout).toMatch(/ key: \[hidden\]\n$/)
  })

  it.each<[string, (signature: string) => string]>([
    ['in upper case', (hex) => hex.toUpperCase()],
    ['in base64', (hex) => Buffer.from(hex, 'hex').toString('base64')],
    ['in base64url', (hex) => Buffer.from(hex, 'hex').toString('base64url')],
    ['with a colour in it', (hex) => `${hex.slice(0, 9)}\x1b[1m${hex.slice(9)}`],
  ])("hides InboxKit's signature, which is a secret, %s", async (_how, write) => {
    const signature = createHash('sha256').update(SECRETS.INBOXKIT_API_KEY).digest('hex')
    const to = await echoing(`expected ${write(signature)}`)
    const { stdout } = await run(['send', 'mailbox.status_changed', '--to', to])
    expect(stdout).toMatch(/ expected \[hidden\]=?\n$/)
  })

  it.each<[string, (secret: string) => string]>([
    ['as it is', (secret) => secret],
    ['in JSON', (secret) => JSON.stringify({ secret })],
    ['in JSON within JSON', (secret) => JSON.stringify({ body: JSON.stringify({ secret }) })],
    ['in the JSON of PHP', (secret) => JSON.stringify({ secret }).replaceAll('/', '\\/')],
    ['in a URL', (secret) => `/?key=${encodeURIComponent(secret)}&a=1`],
    ['in a form', (secret) => String(new URLSearchParams({ secret }))],
    ['in upper case', (secret) => secret.toUpperCase()],
    ['in base64url', (secret) => Buffer.from(secret).toString('base64url')],
    ['in hex, in upper case', (secret) => Buffer.from(secret).toString('hex').toUpperCase()],
    ['as Basic', (secret) => `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`],
    ['with a colour in it', (secret) => `${secret.slice(0, 2)}\x1b[0m${secret.slice(2)}`],
    ['with a control of 8 bits in it', (secret) => `${secret.slice(0, 2)}\x9b0m${secret.slice(2)}`],
    ['with a zero-width space in it', (secret) => `${secret.slice(0, 2)}\u200b${secret.slice(2)}`],
    ['from right to left', (secret) => `${secret.slice(0, 2)}\u202e\u2066${secret.slice(2)}`],
    ['in two lines', (secret) => `${secret.slice(0, 2)}\n${secret.slice(2)}`],
  ])('hides the secret that the receiver echoes %s', async (_how, echo) => {
    for (const secret of ['Q"Q\\Q/Q é!&Q', 'dev1']) {
      const to = await echoing(echo(secret))
      const { stdout } = await run(['send', 'mailbox.created', '--to', to, '--secret', secret])
      expect(stdout).toContain('[hidden]')
      expect(stdout).not.toMatch(/Q|dev1|v1/i)
    }
  })

  it.each([
    ['\u001b[31mred\u001b[0m\r\n\u0007bell', 'red bell'],
    ['\u009b31mred\u0085line', 'red line'],
    ['one\u2028two\u2029three', 'one two three'],
    ['\u202egnp.exe\u2066 \u061c\u200fok', 'gnp.exe ok'],
  ])('prints nothing of an answer that a terminal would obey or turn round: %j', async (answer, shown) => {
    const to = await echoing(answer)
    expect((await run(['send', 'mailbox.created', '--to', to])).stdout).toMatch(new RegExp(` {2}${shown}\\n$`))
  })

  it('needs a secret, and says where it looks for it', async () => {
    const { code, stderr } = await run(['send', 'message.received', '--to', 'http://localhost:1'], { env: {} })
    expect(code).toBe(2)
    expect(stderr).toBe(
      'error: The secret of OpenMail is needed: set OPENMAIL_WEBHOOK_SECRET in the environment, or pass --secret.\n',
    )
  })

  it.each([
    ['send', 'message.received'],
    ['scenario', 'message'],
  ])('signs with no placeholder: %s', async (...command) => {
    const env = { OPENMAIL_WEBHOOK_SECRET: '<planted-secret>' }
    const { code, stderr } = await run([...command, '--to', 'http://localhost:1'], { env })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: The secret of OpenMail is a placeholder/)
    expect(stderr).not.toContain('planted')
  })

  it.each(['http://example.com/webhooks', 'http://10.0.0.1/', 'http://127.0.0.1.example.com/', 'http://[::2]/'])(
    'does not send to %s',
    async (to) => {
      const { code, stderr } = await run(['send', 'mailbox.created', '--to', to])
      expect(code).toBe(2)
      expect(stderr).toContain('--allow-remote')
    },
  )

  it('exits with 3 without an answer', async () => {
    const { code, stdout } = await run(['send', 'mailbox.created', '--to', 'http://127.0.0.1:1/'])
    expect({ code, stdout }).toEqual({
      code: 3,
      stdout: expect.stringMatching(/^mailbox\.created {2}connection refused/),
    })
  })

  it.skipIf(!hasTerminal())('is coloured in a terminal', async () => {
    const { stdout } = await runInTerminal(['send', 'mailbox.created', '--to', await careful()])
    expect(stdout).toContain('\u001b[32m200\u001b[39m')
  })
})
