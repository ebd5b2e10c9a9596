import { describe, expect, it } from 'vitest'
import { ALL_SECRETS, hasTerminal, run, runInTerminal, SECRETS } from './cli.js'
import { judge, type Row } from './play-scenario.js'
import { careful, echoing, naive, reserializing, talkative } from './receivers.js'

describe('mailbox-hooks scenario', () => {
  it('prints a table of what a correct receiver answers and what this one did', async () => {
    const { code, stdout, stderr } = await run(['scenario', 'order', '--to', await careful(200)])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^order\n +delivery +as +a correct receiver +this one\n/)
    expect(stdout).toMatch(
      /^ {2}✓ {2}domain\.order\.success +duplicate +2xx, a duplicate +200 \{"received":true,"duplicate":true\}$/m,
    )
    expect(stdout).toMatch(/^ {2}✓ {2}mailbox\.created \(mailbox 2\) +at once +.* 503 .*in_flight/m)
    expect(stdout).toMatch(/\n\n\d+ right\n$/)
  })

  it('plays each of the 73 events', async () => {
    const { stdout } = await run(['scenario', '--to', await careful(), '--json'], { env: ALL_SECRETS })
    const { rows, wrong }: { rows: Row[]; wrong: number } = JSON.parse(stdout)
    expect(wrong).toBe(0)
    expect(new Set(rows.map(({ event }) => event)).size).toBe(73)
  })

  it.skipIf(!hasTerminal())('shows a line of progress in a terminal, and colours', async () => {
    const { code, stdout } = await runInTerminal(['scenario', 'renewal', '--to', await careful()])
    expect(code).toBe(0)
    expect(stdout).toContain('\r\u001b[K\u001b[2m1/1 renewal  3 deliveries')
    expect(stdout).toContain('\u001b[32m✓\u001b[39m')
  })

  it('names what a naive receiver does wrong, and exits with 1', async () => {
    const judged = await Promise.all(
      ['setup', 'prewarmup', 'openmail-forgery'].map(async (scenario) => judge(await naive(), scenario)),
    )
    expect(judged.map(({ code }) => code)).toEqual([1, 1, 1])
    const named = judged
      .flatMap(({ wrongRows }) => wrongRows)
      .map(({ scenario, label, as, reason }) => ({ scenario, label, as, reason }))
    // The uid as the key: every status after the first is lost.
    for (const label of ['waiting_for_dns_propagation', 'configuring_workspace', 'active', 'suspended']) {
      expect(named).toContainEqual({
        scenario: 'setup',
        label,
        as: 'new',
        reason: 'taken for a duplicate, though it was not handled before: the event is lost',
      })
    }
    // Seen before it is handled: whoever comes second is acknowledged while the first may still fail.
    expect(named).toContainEqual({
      scenario: 'prewarmup',
      label: '',
      as: 'at once',
      reason: 'acknowledged as a duplicate before the event was handled: if that fails, the event is lost',
    })
    expect(named).toContainEqual(
      expect.objectContaining({ scenario: 'openmail-forgery', as: 'forged', reason: 'a forged delivery was accepted' }),
    )
  })

  it.each([
    ['cold-mail-reseller', 'mailbox.created'],
    ['openmail', 'message.received'],
  ])('names what a receiver refuses that verifies JSON it wrote itself: %s', async (provider, event) => {
    const { code, rows, wrongRows } = await judge(await reserializing(), `${provider}-bytes`)
    expect(code).toBe(1)
    expect(rows[0]).toMatchObject({ label: '', right: true })
    expect(wrongRows.filter(({ as }) => as === 'new')).toEqual(
      ['its JSON written with white space', 'its JSON written with escapes'].map((label) =>
        expect.objectContaining({
          event,
          label,
          expected: '2xx, handled',
          reason: expect.stringMatching(
            /^refused because of the way its JSON is written: .* does not verify the raw bytes/,
          ),
        }),
      ),
    )
    const { stdout } = await run(['scenario', `${provider}-bytes`, '--to', await reserializing()])
    expect(stdout).toContain(`✗  ${event} (its JSON written with white space)`)
  })

  it('names the events that a failed handler loses where they were noted as seen before', async () => {
    const { wrongRows } = await judge(await naive({ fails: true }), 'failed-order')
    expect(wrongRows).toContainEqual(
      expect.objectContaining({
        event: 'domain.order.failed',
        as: 'retry',
        reason: 'taken for a duplicate, though it was not handled before: the event is lost',
      }),
    )
  })

  it('learns how a receiver answers duplicates that does not call them so', async () => {
    const { code, tellsDuplicates, wrongRows } = await judge(await naive({ duplicate: { ok: 1 } }), 'setup')
    expect({ code, tellsDuplicates }).toEqual({ code: 1, tellsDuplicates: true })
    expect(wrongRows.length).toBeGreaterThan(0)
  })

  it('says so when the answers tell nothing about duplicates', async () => {
    const { stdout } = await run(['scenario', 'message', '--to', await naive({ duplicate: { received: true } })])
    expect(stdout).toContain('note: this receiver answers a duplicate like a new event')
  })

  it.each(['onboarding', 'cold-mail-reseller-forgery', 'inboxkit-forgery', 'openmail-forgery'])(
    'never echoes the secret or a signature of %s, even when the receiver does',
    async (name) => {
      const { stdout } = await run(['scenario', name, '--to', await echoing(), '--json'])
      expect(stdout).toContain('[hidden]')
      expect(stdout).not.toMatch(/[0-9a-f]{64}/)
    },
  )

  it("never echoes InboxKit's signature, even when the receiver answers a forgery that it expected that one", async () => {
    const to = await talkative()
    const { stdout } = await run(['scenario', 'inboxkit-forgery', '--to', to])
    expect(stdout).toMatch(/401 got \[hidden\] for \[hidden\]\n.* 200 got \[hidden\] for \[hidden\]/)
    const { stdout: json } = await run(['scenario', 'inboxkit-forgery', '--to', to, '--json'])
    expect(json).not.toMatch(/[0-9a-f]{64}/)
  })

  it('leaves out the providers whose secrets are not known, and says which', async () => {
    const env = { OPENMAIL_WEBHOOK_SECRET: SECRETS.OPENMAIL_WEBHOOK_SECRET }
    const { code, stdout, stderr } = await run(['scenario', '--to', await careful()], { env })
    expect(code).toBe(0)
    expect(stdout).not.toContain('mailbox.created')
    expect(stderr).toBe(
      'note: Cold Mail Reseller is left out, because CMR_API_KEY is not set.\n' +
        'note: InboxKit is left out, because INBOXKIT_API_KEY is not set.\n' +
        'note: AgentMail is left out, because AGENTMAIL_WEBHOOK_SECRET is not set.\n' +
        'note: Resend is left out, because RESEND_WEBHOOK_SECRET is not set.\n',
    )
  })

  it.each([
    [['--to', 'http://127.0.0.1:1/'], {}, 3, /Nothing listens at 127\.0\.0\.1:1/],
    [['--to', 'http://example.com/'], {}, 2, /--allow-remote/],
    [['--to', 'http://127.0.0.1:1/'], { env: {} }, 2, /No secret is known/],
    [['order', '--to', 'http://127.0.0.1:1/'], { env: {} }, 2, /CMR_API_KEY/],
  ])('%j with %j exits with %i', async (args, options, exitCode, message) => {
    const { code, stderr } = await run(['scenario', ...args], options)
    expect(code).toBe(exitCode)
    expect(stderr).toMatch(message)
  })
})
