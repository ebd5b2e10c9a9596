import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { hasCommand } from './servers/commands.js'

const read = (document: string) => readFileSync(new URL(`../${document}`, import.meta.url), 'utf8')

/** The code blocks of a language, as they are printed. */
const blocksOf = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code!)

const README = read('README.md')
const GUIDE = read('docs/guides/first-delivery.md')
const FOLDER = new URL('./tmp-readme/', import.meta.url)

const hasCommands = ['bash', 'curl', 'openssl'].every(hasCommand)

/** The variables that the printed commands export. */
const exported = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/^export (.*)$/gm)].flatMap(([, pairs]) => pairs!.split(' ').map((pair) => pair.split('='))),
  ) as Record<string, string>

/** Starts the server that a document prints first, on any free port; the rest is as it stands. */
async function startServer(name: string, text: string) {
  const file = new URL(`${name}.mjs`, FOLDER)
  mkdirSync(FOLDER, { recursive: true })
  const print = "const server = app.listen(0, () => console.log('port', server.address().port))"
  writeFileSync(file, blocksOf(text, 'js')[0]!.replace('app.listen(3000)', print))
  const server = spawn(process.execPath, [fileURLToPath(file)], { env: { ...process.env, ...exported(text) } })
  const started = { output: '', port: '', stop: () => {} }
  await new Promise<void>((resolve, reject) => {
    const fail = () => reject(new Error(`the example ended: ${started.output}`))
    server.once('exit', fail)
    started.stop = () => void server.removeListener('exit', fail).kill()
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (chunk) => {
        started.output += chunk
        started.port = /port (\d+)/.exec(started.output)?.[1] ?? ''
        if (started.port !== '') resolve()
      })
    }
  })
  return started
}

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

describe.skipIf(!hasCommands)("the README's example", () => {
  it('handles the delivery that the printed command sends, once', async () => {
    const server = await startServer('readme', README)
    onTestFinished(server.stop)
    expect(server.output).not.toContain('Warning')
    const command = blocksOf(README, 'sh')[2]!.replace('localhost:3000', `localhost:${server.port}`)
    const run = () => execFileSync('bash', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    expect(run()).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\{"received":true\}$/)
    expect(run()).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\{"received":true,"duplicate":true\}$/)
    await vi.waitFor(() => {
      expect(server.output.match(/mail from ada@example.com \(body\+timestamp proven\)/g)).toHaveLength(1)
    })
  })
})

describe.skipIf(!hasCommands)('the guide to the first delivery', () => {
  it('sends what its server handles once, and what it refuses, by each of its commands', async () => {
    const server = await startServer('guide', GUIDE)
    onTestFinished(server.stop)
    expect(server.output).not.toContain('Warning')
    const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))
    const commands = blocksOf(GUIDE, 'sh').filter((code) => code.includes('localhost:3000/webhooks'))
    const answers = commands.map((code) => {
      const command = code
        .replaceAll('npx mailbox-hooks', `node ${main}`)
        .replaceAll('localhost:3000', `localhost:${server.port}`)
      // The forged delivery makes the exit code 1.
      const { stdout } = spawnSync('bash', ['-c', command], {
        encoding: 'utf8',
        env: { ...process.env, ...exported(GUIDE) },
      })
      return stdout.trim()
    })
    expect(answers).toEqual([
      expect.stringMatching(/^message\.received {2}200 .*\{"received":true\}\nmessage.* 200 .*"duplicate":true\}$/),
      expect.stringMatching(/^message\.received {2}401 .*"error":"signature_invalid"\}$/),
      '{"received":true}',
    ])
    await vi.waitFor(() => {
      expect(server.output.match(/^mail from .*$/gm)).toEqual([
        'mail from Ada Byron <ada@example.com>',
        'mail from ada@example.com',
      ])
    })
  })
})

describe('the README', () => {
  it('fits on two screens', () => {
    expect(README.split('\n').length).toBeLessThanOrEqual(125)
  })

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    for (const [, name] of README.matchAll(/^npm (?:run )?(demo|test)\b/gm)) expect(scripts).toHaveProperty(name!)
  })
})
