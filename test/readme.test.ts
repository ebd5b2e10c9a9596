import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hasCommand } from './servers/commands.js'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The code blocks of a language, as they are printed. */
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code!)

const FOLDER = new URL('./tmp-readme/', import.meta.url)

const hasCommands = ['bash', 'curl', 'openssl'].every(hasCommand)

describe.skipIf(!hasCommands)("the README's example", () => {
  let server: ChildProcess
  let output = ''

  beforeAll(async () => {
    const [code] = blocks('js')
    mkdirSync(FOLDER, { recursive: true })
    // Any free port will do, and is printed; the rest is as it stands.
    const served = code!.replace(
      'app.listen(3000)',
      "const server = app.listen(0, () => console.log('port', server.address().port))",
    )
    writeFileSync(new URL('server.mjs', FOLDER), served)
    const [, exports] = blocks('sh')[1]!.match(/^export (.*)$/m)!
    const environment = Object.fromEntries(exports!.split(' ').map((pair) => pair.split('=') as [string, string]))
    server = spawn(process.execPath, ['server.mjs'], { cwd: FOLDER, env: { ...process.env, ...environment } })
    server.stderr?.on('data', (chunk) => {
      output += chunk
    })
    await new Promise<void>((resolve, reject) => {
      server.stdout?.on('data', (chunk) => {
        output += chunk
        if (/port \d+/.test(output)) resolve()
      })
      server.once('exit', () => reject(new Error(`the example ended: ${output}`)))
    })
  })

  afterAll(() => {
    server.removeAllListeners('exit')
    server.kill()
    rmSync(FOLDER, { recursive: true })
  })

  it('handles the delivery that the printed command sends, once', async () => {
    const [, port] = output.match(/port (\d+)/)!
    const command = blocks('sh')[2]!.replace('localhost:3000', `localhost:${port}`)
    const run = () => execFileSync('bash', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    expect(run()).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\{"received":true\}$/)
    expect(run()).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\{"received":true,"duplicate":true\}$/)
    await vi.waitFor(() => {
      expect(output.match(/mail from ada@example.com \(body\+timestamp proven\)/g)).toHaveLength(1)
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
