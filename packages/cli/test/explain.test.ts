import { createHash, createHmac } from 'node:crypto'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'
import { type Finished, run, SECRETS } from './cli.js'

const secret = SECRETS.OPENMAIL_WEBHOOK_SECRET
const BODY = signedDelivery('openmail', 'message.received', { secret }).body

async function file(name: string, content: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'mailbox-hooks-')), name)
  await writeFile(path, content)
  return path
}

const signed = (body: string, options: object = {}) =>
  signedDelivery('openmail', 'message.received', { secret, body, ...options }).headers

const headerArgs = (headers: Record<string, string>) =>
  Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`])

const harHeaders = (headers: Record<string, string>) =>
  Object.entries(headers).map(([name, value]) => ({ name, value }))

const harOf = (...entries: object[]) => file('capture.har', JSON.stringify({ log: { entries } }))

/** Explains a delivery that arrived as `body` and was signed with these headers. */
async function explain(body: string, headers: Record<string, string>, ...args: string[]): Promise<Finished> {
  const finished = await run(['explain', '--body', '-', ...headerArgs(headers), ...args], { input: body })
  expectNothingGivenAway(finished)
  return finished
}

function expectNothingGivenAway({ stdout, stderr }: Finished) {
  for (const value of Object.values(SECRETS)) expect(stdout + stderr).not.toContain(value)
  expect(stdout + stderr).not.toMatch(/[0-9a-f]{64}|ada@example\.com/)
}

const code = ({ stdout }: Finished) => JSON.parse(stdout).code

describe('mailbox-hooks explain', () => {
  it('says why on stdout, and exits with 0', async () => {
    const { code, stdout, stderr } = await explain(`${BODY}\n`, signed(BODY), '--provider', 'openmail')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('OpenMail  body_white_space\nA newline was added at the end of the body.\n')
  })

  it('knows the provider by its headers', async () => {
    const token = createHash('sha256').update(SECRETS.INBOXKIT_API_KEY).digest('hex')
    const headers = { 'X-InboxKit-Signature': token, 'X-InboxKit-Timestamp': new Date().toISOString() }
    const { stdout } = await explain('{}', headers)
    expect(stdout).toContain('InboxKit  signature_prefix\n')
  })

  it('tells the secret of another provider by its name', async () => {
    const { stdout } = await explain(BODY, signed(BODY, { secret: SECRETS.CMR_API_KEY }))
    expect(stdout).toContain('with the secret of Cold Mail Reseller (CMR_API_KEY)')
  })

  it('uses the secret of the environment unchanged', async () => {
    const env = { OPENMAIL_WEBHOOK_SECRET: `"${secret}"` }
    const finished = await run(['explain', '--body', '-', ...headerArgs(signed(BODY)), '--json'], { env, input: BODY })
    expect(code(finished)).toBe('secret_quoted')
  })

  it('says that nothing is wrong, or that none fits', async () => {
    expect(code(await explain(BODY, signed(BODY), '--json'))).toBe('accepted')
    const random = createHmac('sha256', 'nobody').digest('hex')
    const finished = await explain(BODY, { ...signed(BODY), 'x-signature': random }, '--json')
    expect(finished.code).toBe(0)
    expect(JSON.parse(finished.stdout)).toMatchObject({ verdict: 'unexplained', code: 'none_fits' })
  })

  it('judges by the given time of receipt', async () => {
    const headers = signed(BODY, { at: new Date('2026-03-01T09:00:00Z') })
    const late = await explain(BODY, headers, '--json', '--at', '2026-03-01T09:10:00Z')
    expect(JSON.parse(late.stdout)).toMatchObject({ code: 'clock_skew', clock: { ageMs: 600_000 } })
    expect(code(await explain(BODY, headers, '--json', '--at', '2026-03-01T09:00:10Z'))).toBe('accepted')
    expect((await explain(BODY, headers)).stderr).toContain('--at')
  })

  it('reads a curl command, from a file or as an argument', async () => {
    const headers = Object.entries(signed(BODY)).map(([name, value]) => `-H '${name}: ${value}'`)
    const command = `curl -X POST 'http://localhost/' \\\n  ${headers.join(' \\\n  ')} \\\n  --data-raw $'${BODY.replaceAll('\\', '\\\\')}'`
    expect(code(await run(['explain', '--curl', command, '--json']))).toBe('accepted')
    expect(code(await run(['explain', '--curl', await file('request.sh', command), '--json']))).toBe('accepted')
  })

  it('reads the command of a curl that stands with its folder', async () => {
    const headers = Object.entries(signed(BODY)).map(([name, value]) => `-H '${name}: ${value}'`)
    const command = `/usr/bin/curl http://localhost/ ${headers.join(' ')} -sd '${BODY.replaceAll("'", "'\\''")}'`
    expect(code(await run(['explain', '--curl', command, '--json']))).toBe('accepted')
    expect(code(await run(['explain', '--curl', await file('request.sh', command), '--json']))).toBe('accepted')
  })

  it.each([
    ['--curl', `wget http://localhost --header "X-Signature: planted" --post-data '{"planted":1}'`],
    ['--curl', '{"planted":1}'],
    ['--har', '{"log":{"entries":["planted"]}}'],
    ['--body', 'planted'.repeat(20)],
  ])('%s: does not print what is no path', async (option, content) => {
    const { code, stdout, stderr } = await run(['explain', option, content])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error: What was given as a file cannot be read \(E\w+\)\.\n$/)
  })

  it('says that a capture holds no body', async () => {
    const headers = signed(BODY)
    const curl = `curl x ${Object.entries(headers)
      .map(([name, value]) => `-H '${name}: ${value}'`)
      .join(' ')}`
    expect(code(await run(['explain', '--curl', curl, '--json']))).toBe('body_missing')
    const har = await harOf({ request: { headers: harHeaders(headers) } })
    expect(code(await run(['explain', '--har', har, '--json']))).toBe('body_missing')
  })

  it.each(['--body', '--har', '--curl'])('does not repeat what is given to %s in place of a file', async (option) => {
    const finished = await run(['explain', '--provider', 'openmail', option, BODY])
    expect(finished).toMatchObject({ code: 2, stderr: expect.stringContaining('What was given as a file cannot be') })
    expectNothingGivenAway(finished)
  })

  it('does not repeat the value of an option that there is not', async () => {
    const finished = await run(['explain', `--secrt=${secret}`])
    expect(finished).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown option '--secrt'\n") })
    expectNothingGivenAway(finished)
  })

  it('takes a variable in single quotes for what it is: text', async () => {
    const body = '{"event":"test","event_id":"evt_1","price":"$5 or $more"}'
    const headers = Object.entries(signed(body)).map(([name, value]) => `-H "${name}: ${value}"`)
    const command = `curl "$URL" ${headers.join(' ')} -d '${body}'`
    expect(code(await run(['explain', '--curl', command, '--json']))).toBe('accepted')
  })

  it('reads a HAR file, with the time it says', async () => {
    const at = '2026-03-01T09:00:00.000Z'
    const headers = harHeaders(signed(BODY, { at: new Date(at) }))
    const har = await harOf(
      { request: { headers: [] } },
      { startedDateTime: at, request: { headers, postData: { text: BODY } } },
      { request: { headers: [{ name: 'accept', value: '*/*' }] } },
    )
    expect(code(await run(['explain', '--har', har, '--json']))).toBe('accepted')
  })

  it('reads a HAR file that begins with a byte order mark, and passes over what is no header in it', async () => {
    const headers = [null, 5, {}, { name: 'accept' }, ...harHeaders(signed(BODY))]
    const har = await harOf({ request: { headers: [null] } }, { request: { headers, postData: { text: BODY } } })
    const marked = await file('marked.har', `\uFEFF${await readFile(har, 'utf8')}`)
    expect(code(await run(['explain', '--har', marked, '--json']))).toBe('accepted')
  })

  it('reads the newest request of the given provider from a HAR file', async () => {
    const token = createHash('sha256').update(SECRETS.INBOXKIT_API_KEY).digest('hex')
    const other = { 'x-inboxkit-signature': `sha256=${token}`, 'x-inboxkit-timestamp': new Date().toISOString() }
    const har = await harOf(
      { request: { headers: harHeaders(signed(BODY)), postData: { text: BODY } } },
      { request: { headers: harHeaders(other), postData: { text: '{}' } } },
    )
    const explained = async (...args: string[]) =>
      JSON.parse((await run(['explain', '--har', har, '--json', ...args])).stdout)
    expect(await explained()).toMatchObject({ provider: 'inboxkit', code: 'accepted' })
    expect(await explained('--provider', 'openmail')).toMatchObject({ provider: 'openmail', code: 'accepted' })
    const { code, stderr } = await run(['explain', '--har', har, '--provider', 'cold-mail-reseller'])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: The HAR file holds no request with the header cmr-x-signature.\n',
    })
  })

  it.each([
    [['--body', '-'], /the signature header of no provider/],
    [['--body', '-', '--curl', 'curl x'], /one of --body \(with --header\), --curl and --har/],
    [['--curl', 'curl x', '--header', 'X-Signature: ab'], /--header belongs to --body/],
    [['--har', '-', '--header', 'X-Signature: ab'], /--header belongs to --body/],
    [['--har', '-'], /JSON with log\.entries/],
    [['--curl', '-'], /needs a curl command/],
    [['--curl', "curl http://localhost -d '@body.json'"], /body from a file/],
    [['--curl', 'curl x -H "X-Signature: $SIG" -d "{}"'], /\$SIG in a header of the curl command was not expanded/],
    [
      ['--curl', 'curl x -H "X-Signature: ab" --data="$BODY"'],
      /\$BODY in the body of the curl command was not expanded/,
    ],
    [
      ['--curl', `SIG=ab curl x -H "X-Signature: $SIG" -d '{}'`],
      /\$SIG in a header of the curl command was not expanded.*write its value in its place/,
    ],
    [['--body', '-', '--provider', 'openmail', '--at', 'noon'], /--at must be a time/],
    [['--body', '-', '--provider', 'openmail', '--header', 'X-Timestamp'], /'name: value'/],
  ])('%j is a wrong command', async (args, message) => {
    const { code, stdout, stderr } = await run(['explain', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it('needs the secret', async () => {
    const { code, stderr } = await run(['explain', '--body', '-', '--provider', 'openmail'], { env: {} })
    expect(code).toBe(2)
    expect(stderr).toContain('OPENMAIL_WEBHOOK_SECRET')
  })
})
