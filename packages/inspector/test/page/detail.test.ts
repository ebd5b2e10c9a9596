import { describe, expect, it } from 'vitest'
import { hasChromium, useChromium } from './chromium.js'
import { openRow, rowWith, sectionOf, untilLive } from './page-parts.js'
import { mail, mailbox, openSite, reserialized, SECRETS } from './site.js'

describe.skipIf(!hasChromium)('one delivery', () => {
  const open = useChromium()

  it('shows the verdict with its reading, secret and trust, and the steps with their times', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await openRow(page, 'message.received')
    const verdict = await sectionOf(page, 'Verdict').innerText()
    expect(verdict).toContain('timestamp.body')
    expect(verdict).toContain('The first of its secrets')
    expect(verdict).toContain('The signature covers body and time')
    const steps = await sectionOf(page, 'Timeline').locator('.step').allInnerTexts()
    expect(steps.length).toBeGreaterThan(4)
    expect(steps.join(' ')).toMatch(/verified[\s\S]*claimed[\s\S]*handler[\s\S]*answered/)
    expect(steps.every((step) => /\d ms/.test(step))).toBe(true)
  })

  it('marks what the signature covers in headers and body', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await openRow(page, 'message.received')
    const signed = await sectionOf(page, 'Headers').locator('.is-signed dt').allInnerTexts()
    expect(signed.map((name) => name.split(',')[0]?.trim())).toEqual(['x-timestamp'])
    expect(await sectionOf(page, 'Body').innerText()).toContain('The signature covers the whole body')
  })

  it('shows the body parsed, as text and as hex', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await openRow(page, 'message.received')
    const body = sectionOf(page, 'Body')
    await body.getByText('"evt_ada"').waitFor()
    const message = body.getByRole('button', { name: /^message:/ })
    await message.click()
    expect(await message.getAttribute('aria-expanded')).toBe('false')
    expect(await body.getByText('"Invoice 2026-114"').count()).toBe(0)
    await body.getByRole('tab', { name: 'Text' }).click()
    expect(await body.locator('pre').innerText()).toContain('{"event":"message.received","event_id":"evt_ada"')
    await page.keyboard.press('ArrowRight')
    expect(await body.locator('pre').innerText()).toMatch(/^000000 {2}7b 22 65 76 65 6e 74 .*\{"event":"messag/)
  })

  it('masks credentials, and reveals one at a time, which is logged', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mailbox('bob'))
    await openRow(page, 'mailbox.created')
    expect(await page.content()).not.toContain('rena ppos')
    await page.getByRole('button', { name: 'Reveal data.mailboxDetails.appPassword' }).click()
    await page.getByText('rena ppos micx xycp').waitFor()
    expect(site.log.join()).toContain('appPassword')
    expect(site.log.join()).not.toContain('rena')
    await page.getByRole('button', { name: 'Hide data.mailboxDetails.appPassword' }).click()
    await expect.poll(() => page.getByText('rena ppos').count()).toBe(0)
  })

  it('compares the attempts of an event', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    site.handle = (_request, response) => void response.status(500).end()
    await site.send(mail('ada', { at: Date.now() - 60_000 }))
    site.handle = (_request, response) => void response.json({ received: true })
    await site.send(mail('ada'))
    await rowWith(page, 'Handled').waitFor()
    await openRow(page, 'message.received')
    const differences = await sectionOf(page, 'Differences from attempt 1').innerText()
    expect(differences).toContain('header x-timestamp')
    expect(differences).toContain('header x-signature')
    const attempts = sectionOf(page, '2 attempts').getByRole('button')
    expect(await attempts.allInnerTexts()).toEqual([expect.stringContaining('500'), expect.stringContaining('200')])
    await attempts.first().click()
    await expect.poll(() => sectionOf(page, 'Verdict').innerText()).toContain('500')
    expect(await sectionOf(page, 'Differences from attempt 1').count()).toBe(0)
  })

  it("shows the handler's error, and when the provider comes next", async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    site.handle = () => {
      throw new RangeError('the CRM has no such field')
    }
    await site.send(mail('ada'))
    await rowWith(page, 'Failed').waitFor()
    const detail = await openRow(page, 'message.received')
    await detail.getByText('the CRM has no such field').waitFor()
    expect(await sectionOf(page, 'Timeline').innerText()).toContain('The next attempt is due in')
  })

  it('shows the issues of a schema at their places', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    const { body } = mail('ada')
    const { signedDelivery } = await import('@mailbox-hooks/testing')
    const payload = { ...JSON.parse(body), event_id: 7, message: { from: 'ada@example.com' } }
    await site.send(
      signedDelivery('openmail', 'message.received', { secret: SECRETS.openMail, body: JSON.stringify(payload) }),
    )
    await rowWith(page, 'payload_invalid').waitFor()
    await openRow(page, 'payload_invalid')
    await page.getByText('The payload does not match its schema').waitFor()
    const places = sectionOf(page, 'Body').locator('li', { has: page.locator(':scope > .expected') })
    expect(await places.count()).toBeGreaterThan(0)
    expect((await places.allInnerTexts()).join(' ')).toMatch(/expected/)
  })

  it('says why a re-serialised body was refused, and what to do, within a second', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await untilLive(page)
    const sentAt = performance.now()
    await site.send(reserialized(mail('ada')))
    const detail = await openRow(page, 'Refused')
    await detail
      .getByText(/re-serialised|serialised again|white space|JSON/)
      .first()
      .waitFor()
    expect(performance.now() - sentAt).toBeLessThan(1500)
    const why = await detail.locator('.why').innerText()
    expect(why).toContain('Why it was refused')
    expect(why).toContain('What to do.')
    const [reason, next] = await Promise.all([
      detail.locator('.why').boundingBox(),
      sectionOf(page, 'Send it again').boundingBox(),
    ])
    expect(reason?.y).toBeLessThan(next?.y ?? 0)
  })

  it.each([
    ['an old timestamp', () => mail('ada', { at: Date.now() - 3_600_000 }), /old|window|age/i],
    ["another provider's key", () => mail('ada', { secret: SECRETS.inboxKit }), /inboxkit|another provider/i],
    [
      'a trailing newline in the secret',
      () => mail('ada', { secret: `${SECRETS.openMail}\n` }),
      /newline|white space/i,
    ],
  ])('names %s', async (_what, delivery, reason) => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(delivery())
    const detail = await openRow(page, 'Refused')
    await expect.poll(() => detail.locator('.why').innerText()).toMatch(reason)
  })
})
