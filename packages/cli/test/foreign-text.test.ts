import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { DIRECTORY, hasTerminal, run, runInTerminal, SECRETS } from './cli.js'

const SECRET = 'planted-secret-of-acme'
/** An escape sequence, C1, a line of its own, bidi, a line separator, and a secret that an escape cuts in two. */
const FOREIGN =
  'one\u001b[2J two\u009b31m three\u001b]0;title\u0007 four\u202e five\u2028 six\nerror: seven\r\u0000 \u200b' +
  `${SECRET.slice(0, 5)}\u001b[0m${SECRET.slice(5)}`
/** Matches characters that a terminal obeys or that change the order of the text, apart from line feeds. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const env = { ...SECRETS, ACME_WEBHOOK_SECRET: SECRET }

let files = 0
/** Writes a module that does so when it is loaded. */
function moduleOf(source: string): string {
  const file = join(DIRECTORY, `foreign-${files++}.mjs`)
  writeFileSync(file, source)
  return file
}
const thrown = `throw new Error(${JSON.stringify(FOREIGN)})`
const SAFE_LINE = /^error: [^\n]*one[^\n]* six error: seven +\[hidden\][^\n]*\n$/

it.each([
  ['a provider that cannot be loaded', () => ['events', '--provider', moduleOf(thrown)]],
  ['a provider that fails', () => ['events', '--provider', moduleOf(`export default () => { ${thrown} }`)]],
  ['a journal that cannot be loaded', () => ['journal', 'stats', '--journal', moduleOf(thrown)]],
  ['a module that fails later', () => ['journal', 'stats', '--journal', moduleOf(failingLater)]],
  ['a journal that rejects', () => ['journal', 'stats', '--journal', moduleOf(failingJournal)]],
  [
    'a module that throws a text',
    () => ['journal', 'stats', '--journal', moduleOf(`${thrown.replace('new Error', '')}`)],
  ],
  ['an entry that is not there', () => ['journal', 'show', FOREIGN, '--journal', moduleOf(emptyJournal)]],
  ['an event that is not there', () => ['events', FOREIGN]],
  ['a provider that is not there', () => ['events', '--provider', FOREIGN.replaceAll(/[/\\]/g, '')]],
  ['a scenario that is not there', () => ['scenario', FOREIGN, '--to', 'http://localhost:1/']],
])('prints on one line, without what a terminal obeys and without secrets: %s', async (_, args) => {
  const { code, stdout, stderr } = await run(
    args().map((arg) => arg.replaceAll('\0', '')),
    { env },
  )
  expect(stderr).toMatch(SAFE_LINE)
  expect(stdout + stderr).not.toMatch(OBEYED)
  expect(stdout + stderr).not.toContain(SECRET)
  expect(code).not.toBe(0)
})

const failingJournal = `
  const find = async () => undefined
  export default { find, open: find, replay: find, erase: find, ticket: find, stats: async () => { ${thrown} } }`
const failingLater = `
  const find = () => new Promise(() => setTimeout(() => { ${thrown} }, 10))
  export default { find, open: find, replay: find, erase: find, ticket: find, stats: find }`
const emptyJournal = `
  const find = async () => undefined
  export default { find, entry: find, open: find, replay: find, erase: find, ticket: find, stats: find }`

it('strips a mistyped option, too', async () => {
  const { stderr } = await run(['events', `--${FOREIGN.replaceAll('\0', '').slice(0, 60)}`], { env })
  expect(stderr).toContain('unknown option')
  expect(stderr).not.toMatch(OBEYED)
})

it('keeps what --secret was given out of messages, too', async () => {
  const file = moduleOf(`export default () => { throw new Error('refused given-on-the-line') }`)
  for (const given of [['--secret', 'given-on-the-line'], ['--secret=given-on-the-line']]) {
    const args = ['send', 'order.paid', '--to', 'http://localhost:1/', '--provider', file, ...given]
    const { stderr } = await run(args, { env: {} })
    expect(stderr).toContain('refused [hidden]')
  }
})

it('keeps the password of a database out of messages', async () => {
  const file = moduleOf(`throw new Error('cannot reach ' + process.env.DATABASE_URL)`)
  const { stderr } = await run(['journal', 'stats', '--journal', file], {
    env: { DATABASE_URL: 'postgres://app:pass-word@db.internal/app' },
  })
  expect(stderr).toMatch(/cannot reach postgres:\/\/app:\[hidden\]@db\.internal\/app/)
})

it('shows the folder of a file that is missing, and hides other variables with PWD in their names', async () => {
  const env = { PWD: '/srv/receiver', OLDPWD: '/srv/receiver', DB_PWD: 'pwd-of-a-database' }
  const file = moduleOf(`throw new Error('no /srv/receiver/journal.mjs by pwd-of-a-database')`)
  const { stderr } = await run(['journal', 'stats', '--journal', file], { env })
  expect(stderr).toContain('no /srv/receiver/journal.mjs by [hidden]')
})

it('prints the fields of a provider of a file, and JSON of its samples, without what a terminal obeys', async () => {
  const core = JSON.stringify(import.meta.resolve('../../core/dist/index.js'))
  const file = moduleOf(`
    import { defineProvider } from ${core}
    import { z } from ${JSON.stringify(import.meta.resolve('zod'))}
    const type = 'paid\\u009b31m\\u202e'
    export const samples = { [type]: { type, text: ${JSON.stringify(FOREIGN)} } }
    export default ({ secrets }) => defineProvider({
      name: 'acme',
      signature: { header: 'acme-signature', secrets, readings: [{ content: ['body'] }] },
      retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
      describe: (payload) => ({ type: payload.type }),
      events: () => ({ [type]: z.looseObject({ type: z.literal(type), text: z.string() }) }),
    })`)
  for (const args of [['events'], ['events', '--json'], ['events', 'paid\u009b31m\u202e']]) {
    const { code, stdout, stderr } = await run([...args, '--provider', file], { env })
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('paid')
    expect(stdout).not.toMatch(OBEYED)
  }
})

it.skipIf(!hasTerminal())('obeys no colour of a server on a terminal, where its own colours are', async () => {
  const server = createServer((_request, response) => response.writeHead(200).end(FOREIGN))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const args = ['send', 'mailbox.created', '--to', `http://127.0.0.1:${port}/`]
  const { stdout } = await runInTerminal(args, { env })
  expect(stdout).toContain('\u001b[32m200\u001b[39m')
  expect(stripVTControlCharacters(stdout).replaceAll('\r\n', '\n')).not.toMatch(OBEYED)
  expect(stdout).not.toContain('\u001b[2J')
})
