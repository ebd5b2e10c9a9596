import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { missing } from '../../../../test/servers/services.js'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const path = [process.env.CHROMIUM ?? '', ...PLACES].find((place) => existsSync(place))
if (path === undefined) missing(`there is no Chromium (CHROMIUM, ${PLACES.join(', ')})`)

/** Whether the tests of the page can run here. */
export const hasChromium = path !== undefined

// Nothing that would use the network by itself.
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launchChromium = (also: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ ...(path !== undefined && { executablePath: path }), args: [...ARGUMENTS, ...also] })

export type OpenPage = (url: string, options?: BrowserContextOptions) => Promise<Page>

/**
 * Starts one browser for a file. A page that it opens must not throw, break its content security policy, or ask another
 * host: its test fails otherwise.
 */
export function useChromium(): OpenPage {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  return async (url, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    const page = await context.newPage()
    // Far more than any step takes, for a machine that does other work.
    page.setDefaultTimeout(30_000)
    const faults: string[] = []
    page.on('pageerror', ({ message }) => faults.push(message))
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) faults.push(message.text())
    })
    page.on('request', (request) => {
      if (new URL(request.url()).host !== new URL(url).host) faults.push(`asked ${request.url()}`)
    })
    onTestFinished(async () => {
      await context.close()
      expect(faults).toEqual([])
    })
    await page.goto(url)
    return page
  }
}
