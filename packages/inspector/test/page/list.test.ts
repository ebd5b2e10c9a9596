import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './chromium.js'
import { openRow, rowsOf, rowWith, untilLive } from './page-parts.js'
import { mail, mailbox, openSite, reserialized } from './site.js'

describe.skipIf(!hasChromium)('the list', () => {
  const open = useChromium()

  it('shows each delivery as it arrives, the newest on top', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await page.getByText('Waiting for the first delivery').waitFor()
    await page.getByText('journal: inspector.journal').waitFor()
    await site.send(mail('ada'))
    await rowWith(page, 'ada@example.com').or(rowWith(page, 'inb_92ma7x1kq')).waitFor()
    await site.send(mailbox('bob'))
    const newest = rowsOf(page).first()
    await newest.filter({ hasText: 'mailbox.created' }).waitFor()
    expect(await newest.innerText()).toMatch(
      /Handled[\s\S]*Cold Mail Reseller[\s\S]*mailbox\.created[\s\S]*200[\s\S]*ms[\s\S]*1/,
    )
  })

  it('takes the one-time token out of the address, and stays open when it is reloaded', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await untilLive(page)
    expect(page.url()).not.toContain('#')
    await page.reload()
    await untilLive(page)
    expect(await page.context().cookies()).toEqual([])
  })

  it('shows a refusal as clearly as a failure, and counts refusals by code', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    site.handle = (_request, response) => void response.status(500).end()
    await site.send(mail('failing'))
    await site.send(reserialized(mail('changed')))
    await page.getByRole('button', { name: /signature_invalid\s*1/ }).waitFor()
    expect(await rowWith(page, 'Refused').innerText()).toContain('signature_invalid')
    for (const state of ['refused', 'failed']) {
      const shadow = await page.evaluate(`getComputedStyle(document.querySelector('[data-state=${state}]')).boxShadow`)
      expect(shadow, state).toContain('3px')
    }
  })

  it('says when each provider was last heard of', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await page.getByRole('button', { name: /InboxKit\s*nothing yet/ }).waitFor()
    await site.send(mail('ada'))
    await page.getByRole('button', { name: /OpenMail\s*just now/ }).waitFor()
    await page.getByRole('button', { name: /OpenMail\s*\d+ s ago/ }).waitFor()
    expect(await rowsOf(page).count()).toBe(1)
  })

  it('filters by provider, type, state, code and address', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await site.send(mailbox('bob'))
    await site.send(reserialized(mail('changed')))
    await expect.poll(() => rowsOf(page).count()).toBe(3)
    for (const [label, value, only] of [
      ['Provider', 'cold-mail-reseller', 'mailbox.created'],
      ['Type', 'mailbox.created', 'mailbox.created'],
      ['State', 'refused', 'Refused'],
      ['Code', 'signature_invalid', 'Refused'],
    ] as const) {
      await page.getByLabel(label, { exact: true }).selectOption(value)
      await expect.poll(() => rowsOf(page).count(), { message: label }).toBe(1)
      expect(await rowsOf(page).innerText()).toContain(only)
      await page.getByRole('button', { name: 'Clear' }).click()
      await expect.poll(() => rowsOf(page).count()).toBe(3)
    }
    await page.keyboard.press('/')
    await page.keyboard.type('bob@coldmailseller.com')
    await expect.poll(() => rowsOf(page).count()).toBe(1)
    expect(await rowsOf(page).innerText()).toContain('mailbox.created')
    await page.getByLabel('What the delivery is about').fill('nobody@example.com')
    await page.getByText('No delivery matches these filters.').waitFor()
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await expect.poll(() => rowsOf(page).count()).toBe(3)
  })

  it('does not move while somebody reads, and counts what arrives meanwhile', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mailbox('first'))
    await openRow(page, 'first@coldmailseller.com')
    await site.send(mailbox('second'))
    await site.send(mailbox('third'))
    const pill = page.getByRole('button', { name: '2 new deliveries' })
    await pill.waitFor()
    expect(await rowsOf(page).count()).toBe(1)
    await pill.click()
    await expect.poll(() => rowsOf(page).count()).toBe(3)
    expect(await rowsOf(page).first().innerText()).toContain('third@coldmailseller.com')
    expect(await pill.count()).toBe(0)
  })

  it('shows an attempt that changes a delivery at the place of that delivery', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    site.handle = (_request, response) => void response.status(500).end()
    const delivery = mailbox('flaky')
    await site.send(delivery)
    await rowWith(page, 'Failed').waitFor()
    site.handle = (_request, response) => void response.json({ received: true })
    await site.send(delivery)
    await rowWith(page, 'Handled').waitFor()
    expect(await rowsOf(page).count()).toBe(1)
    expect(await rowsOf(page).innerText()).toMatch(/200[\s\S]*2$/)
  })
})
