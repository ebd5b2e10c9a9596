import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './chromium.js'
import { detailOf, openRow, rowWith } from './page-parts.js'
import { mail, mailbox, openSite, reserialized } from './site.js'

describe.skipIf(!hasChromium)('what can be done', () => {
  const open = useChromium()

  it('sends a delivery again in each way, and shows the answers', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await openRow(page, 'message.received')
    const results = detailOf(page).locator('.results')
    for (const [button, title, statuses] of [
      ['Replay', 'Replayed as it came', /^200$/],
      ['Re-signed', 'Re-signed now', /^200$/],
      ['Tampered', 'Tampered with', /^401$/],
      ['Stale', 'Sent as stale', /^401$/],
      ['Twice at once', 'Sent twice at once', /^(200,(200|503)|503,200)$/],
      ['Out of order', 'Sent out of order', /^200,200$/],
    ] as const) {
      await detailOf(page).getByRole('button', { name: button }).click()
      await results.getByText(title, { exact: true }).waitFor()
      expect((await results.locator('.status').allInnerTexts()).join(), button).toMatch(statuses)
    }
  })

  it('sends a sample with edited fields', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    // The receiver's address is known from its first delivery.
    await site.send(mail('ada'))
    await rowWith(page, 'message.received').waitFor()
    await page.getByRole('button', { name: 'Send a sample' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Provider').selectOption('cold-mail-reseller')
    await dialog.getByLabel('Event').selectOption('mailbox.created')
    const payload = dialog.getByLabel('Payload')
    const sample = await payload.inputValue()
    await payload.fill(`${sample},`)
    await dialog.getByText('Not JSON:').waitFor()
    expect(await dialog.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
    await payload.fill(sample.replace('john@coldmailseller.com', 'edited@coldmailseller.com'))
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await dialog.getByText('Sent mailbox.created').waitFor()
    expect(await dialog.locator('.status').innerText()).toBe('200')
    await page.keyboard.press('Escape')
    await rowWith(page, 'edited@coldmailseller.com').waitFor()
  })

  it('copies a refusal as curl, explain and vitest test, without its credentials', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url, { permissions: ['clipboard-read', 'clipboard-write'] })
    await site.send(reserialized(mailbox('bob')))
    await openRow(page, 'Refused')
    for (const [button, name, text] of [
      ['curl', 'a curl command', /curl/],
      ['explain', 'an explain command', /explain/],
      ['vitest test', 'a vitest test', /from 'vitest'/],
    ] as const) {
      await detailOf(page).getByRole('button', { name: button, exact: true }).click()
      await page.getByText(`Copied as ${name}.`).waitFor()
      const copied = await page.evaluate('navigator.clipboard.readText()')
      expect(copied, button).toMatch(text)
      expect(copied, button).not.toContain('rena ppos')
    }
    expect(await page.locator('.copied').innerText()).toMatch(/personal data/i)
  })

  it('says why an action failed', async () => {
    const site = await openSite({ target: 'http://127.0.0.1:9/webhooks' })
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await openRow(page, 'message.received')
    await detailOf(page).getByRole('button', { name: 'Replay' }).click()
    const results = detailOf(page).locator('.results')
    await results.locator('.results-error, .status').first().waitFor()
    expect(await results.innerText()).toMatch(/Nothing listens on 127.0.0.1:9/)
  })
})
