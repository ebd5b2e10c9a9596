import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './chromium.js'
import { openRow, rowWith } from './page-parts.js'
import { mailbox, openSite, reserialized } from './site.js'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(!hasChromium)('accessibility', () => {
  const open = useChromium()

  it.each(['light', 'dark'] as const)('has no serious finding of axe (%s)', async (colorScheme) => {
    const site = await openSite()
    const page = await open(site.inspector.url, { colorScheme })
    await page.getByText('Waiting for the first delivery').waitFor()
    expect(await findings(page), 'empty').toEqual([])
    site.handle = (_request, response) => void response.status(500).end()
    await site.send(mailbox('failing'))
    site.handle = (_request, response) => void response.json({ received: true })
    await site.send(mailbox('bob'))
    await site.send(reserialized(mailbox('changed')))
    await rowWith(page, 'Refused').waitFor()
    expect(await findings(page), 'list').toEqual([])
    await openRow(page, 'Refused')
    expect(await findings(page), 'refusal').toEqual([])
    await openRow(page, 'Failed')
    await page.keyboard.press('r')
    await page.locator('.results-list').waitFor()
    expect(await findings(page), 'failure').toEqual([])
    await page.getByRole('button', { name: 'Send a sample' }).click()
    await page.getByLabel('Payload').waitFor()
    expect(await findings(page), 'sample').toEqual([])
  })
})

async function findings(page: Page): Promise<string[]> {
  // The content security policy allows no script in the page; DevTools, which evaluate, are not bound by it.
  const { violations } = await page.evaluate<AxeResults>(`${AXE};axe.run()`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 100)).join(', ')}`)
}
