import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeLater, fromColdMailReseller, setUp } from './set-up.js'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const hasChromium = existsSync(CHROMIUM)
if (!hasChromium) {
  if (process.env.REQUIRE_SERVICES) throw new Error(`Chromium is missing: ${CHROMIUM}`)
  console.warn('Skipped: foreign-page.test.ts needs Chromium')
}

let browser: Browser

beforeAll(async () => {
  if (!hasChromium) return
  const quietly = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...quietly, '--no-first-run', '--disable-default-apps'],
  })
})

afterAll(() => browser?.close())

/** A page of somebody else, in the browser of the developer. */
async function foreignPage() {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>foreign</title><body></body>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closeLater(() => server.close())
  const page = await browser.newPage()
  closeLater(() => page.close())
  // Another site than 127.0.0.1, and the same machine.
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  return page
}

describe.runIf(hasChromium)('a page of another site in the same browser', () => {
  it('reads nothing, and writes nothing', async () => {
    const { client, send, inspector } = await setUp()
    await send(fromColdMailReseller('E1'))
    const page = await foreignPage()
    const { origin, session } = client
    const results = await page.evaluate(
      async ({ origin, session }) => {
        const attempt = async (path: string, init: RequestInit = {}) => {
          try {
            const response = await fetch(origin + path, init)
            return `${response.type} ${response.status} ${await response.text()}`
          } catch {
            return 'blocked'
          }
        }
        const authorized = { headers: { authorization: `Bearer ${session}` } }
        const json = { 'content-type': 'application/json' }
        return [
          await attempt('/'),
          await attempt('/api/rows'),
          await attempt('/api/rows', authorized),
          await attempt('/api/rows', { mode: 'no-cors' }),
          await attempt('/api/session', { method: 'POST', headers: json, body: '{}' }),
          await attempt('/api/session', { method: 'POST', mode: 'no-cors', body: '{"token":"x"}' }),
          await attempt('/api/do', { method: 'POST', mode: 'no-cors', body: '{"what":"replay"}' }),
        ]
      },
      { origin, session },
    )
    expect(new Set(results.map((result) => result.replace(/^opaque 0 $/, 'blocked')))).toEqual(new Set(['blocked']))
    expect((await client.rows())[0]?.attempts).toBe(1)
    expect(inspector.url).toContain(origin)
  })

  it('cannot frame it, load its scripts, or keep a window of it', async () => {
    const { client } = await setUp()
    const page = await foreignPage()
    // As a text, because the compiler of the tests knows no document.
    const loaded = await page.evaluate<string[]>(`(async () => {
      const load = (name, address) => new Promise((resolve) => {
        const element = document.createElement(name)
        element.onerror = () => resolve('blocked')
        element.onload = () => {
          try {
            resolve(name === 'iframe' ? (element.contentDocument?.title ?? 'blocked') : 'loaded')
          } catch {
            resolve('blocked')
          }
        }
        element.src = address
        document.body.append(element)
      })
      return [
        await load('iframe', '${client.origin}/'),
        await load('script', '${client.origin}/api/rows'),
        await load('img', '${client.origin}/icon.svg'),
      ]
    })()`)
    expect(new Set(loaded)).toEqual(new Set(['blocked']))
  })

  it('gets in by no name that leads to this machine', async () => {
    const { client } = await setUp()
    const { port } = new URL(client.origin)
    const page = await browser.newPage()
    closeLater(() => page.close())
    const response = await page.goto(`http://rebinding.localhost:${port}/api/session`)
    expect(response?.status()).toBe(403)
  })
})
