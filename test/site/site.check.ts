import { existsSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from '../../packages/inspector/test/page/chromium.js'
import { builtPages, serveSite } from './built-site.js'

describe('the links of the website', () => {
  const pages = new Map(builtPages().map((page) => [page.address, page]))

  it('lead to pages and headings that were built', () => {
    const dead = [...pages.values()].flatMap(({ address, links }) =>
      links.filter((link) => !leadsSomewhere(link, address)).map((link) => `${address}: ${link}`),
    )
    expect(pages.size).toBeGreaterThan(30)
    expect(dead).toEqual([])
  })

  it('lead to files that are in the repository, if they are no pages', () => {
    const files = [...pages.values()].flatMap(({ files }) => files)
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)))).toEqual([])
  })

  function leadsSomewhere(link: string, from: string): boolean {
    const [address = '', anchor] = link.split('#')
    if (address.startsWith('/api/')) return true
    const page = pages.get(address === '' ? from : address)
    return page !== undefined && (anchor === undefined || anchor === '' || page.anchors.has(anchor))
  }
})

describe('the picture of a delivery', () => {
  it('differs between light and dark in its colours alone', () => {
    const shapes = ['light', 'dark'].map((scheme) =>
      readFileSync(new URL(`../../docs/images/delivery-${scheme}.svg`, import.meta.url), 'utf8').replaceAll(
        /#[\da-f]{6}/g,
        '',
      ),
    )
    expect(shapes[0]).toBe(shapes[1])
  })
})

describe.skipIf(!hasChromium)('the website, in a browser', () => {
  const open = useChromium()
  let server: Server
  let url: string

  beforeAll(async () => {
    ;({ server, url } = await serveSite())
  })

  afterAll(() => server.close())

  it('asks for no file that is missing', async () => {
    const page = await open(url)
    const missing: string[] = []
    page.on('response', (response) => {
      if (response.status() >= 400) missing.push(response.url())
    })
    for (const path of ['/', '/guides/first-delivery', '/providers/']) {
      await page.goto(url + path, { waitUntil: 'networkidle' })
    }
    expect(missing).toEqual([])
  })

  it('finds a page by search', async () => {
    const page = await open(url)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill('redrive')
    await page
      .getByRole('option', { name: /dead letters/i })
      .first()
      .click()
    await page.waitForURL(/\/operations#dead-letters$/)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Operations')
  })

  it('shows the picture that is drawn for its colours, and fits on a phone', async () => {
    const page = await open(`${url}/guides/first-delivery`, { viewport: { width: 390, height: 844 } })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const hidden = colorScheme === 'light' ? 'dark' : 'light'
      await page.locator(`img[src$="#gh-${hidden}-mode-only"]`).waitFor({ state: 'hidden' })
      await page.locator(`img[src$="#gh-${colorScheme}-mode-only"]`).waitFor({ state: 'visible' })
    }
    for (const path of ['/', '/comparison', '/options']) {
      await page.goto(url + path)
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(390)
    }
  })
})
