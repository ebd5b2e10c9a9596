import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './chromium.js'
import { detailOf, openRow, rowsOf, rowWith } from './page-parts.js'
import { mail, mailbox, openSite, reserialized } from './site.js'

describe.skipIf(!hasChromium)('what can be done', () => {
  const open = useChromium()

  it.each([
    ['Replay', 'Replayed as it came', ['200']],
    ['Re-signed', 'Re-signed now', ['200']],
    ['Tampered', 'Tampered with', ['401']],
    ['Stale', 'Sent as stale', ['401']],
  ])('%s', async (button, title, statuses) => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await openRow(page, 'message.received')
    await detailOf(page).getByRole('button', { name: button }).click()
    const results = detailOf(page).locator('.results')
    await results.getByText(title, { exact: true }).waitFor()
    expect(await results.locator('.status').allInnerTexts()).toEqual(statuses)
  })

  it.each([
    ['Twice at once', 'Sent twice at once'],
    ['Out of order', 'Sent out of order'],
  ])('%s', async (button, title) => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await openRow(page, 'message.received')
    await detailOf(page).getByRole('button', { name: button }).click()
    const results = detailOf(page).locator('.results')
    await results.getByText(title, { exact: true }).waitFor()
    expect(await results.locator('.status').count()).toBe(2)
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

  it.each([
    ['curl', /curl/, 'a curl command'],
    ['explain', /explain/, 'an explain command'],
    ['vitest test', /from 'vitest'/, 'a vitest test'],
  ])('copies a refusal as %s', async (button, text, name) => {
    const site = await openSite()
    const page = await open(site.inspector.url, { permissions: ['clipboard-read', 'clipboard-write'] })
    await site.send(reserialized(mailbox('bob')))
    await openRow(page, 'Refused')
    await detailOf(page).getByRole('button', { name: button, exact: true }).click()
    await page.getByText(`Copied as ${name}.`).waitFor()
    const copied = await page.evaluate('navigator.clipboard.readText()')
    expect(copied).toMatch(text)
    expect(copied).not.toContain('rena ppos')
    if (button === 'vitest test') expect(await page.locator('.copied').innerText()).toMatch(/personal data/i)
  })

  it('says why an action cannot be done', async () => {
    const site = await openSite({ target: 'http://127.0.0.1:9/webhooks' })
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await openRow(page, 'message.received')
    await detailOf(page).getByRole('button', { name: 'Replay' }).click()
    await detailOf(page).locator('.results .tone-bad, .results .status').first().waitFor()
    expect(await detailOf(page).locator('.results').innerText()).toMatch(/\w/)
    expect(await rowsOf(page).count()).toBe(1)
  })
})
