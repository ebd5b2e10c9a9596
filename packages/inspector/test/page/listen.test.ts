import { openListener } from '@mailbox-hooks/inspector'
import { serve } from '@mailbox-hooks/testing/suites'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasChromium, useChromium } from './chromium.js'
import { openRow, rowsOf, sectionOf, untilLive } from './page-parts.js'
import { mail } from './site.js'

describe.skipIf(!hasChromium)('in front of any application', () => {
  const open = useChromium()

  it('shows the answer of the application, and answers in its place', async () => {
    const application = await serve((_request, response) =>
      response.writeHead(202, { 'x-own': 'yes' }).end('own answer'),
    )
    const listener = await openListener({ to: application.url, port: 0, inspector: { port: 0 } })
    onTestFinished(async () => {
      await listener.close()
      await application.close()
    })
    const send = async (id: string) => {
      const { headers, body } = mail(id)
      return (await fetch(`${listener.url}/webhooks`, { method: 'POST', headers, body })).status
    }
    const page = await open(listener.inspector?.url ?? '')
    await page.getByText('Waiting for the first delivery').waitFor()
    expect(await send('ada')).toBe(202)
    await openRow(page, '202')
    const answer = await sectionOf(page, 'Answer').innerText()
    expect(answer).toContain('x-own')
    expect(answer).toContain('own answer')

    await page.keyboard.press('Escape')
    await page.getByRole('radio', { name: '500' }).click({ force: true })
    await page.getByText('Each delivery is answered 500').waitFor()
    await expect.poll(() => send('bob')).toBe(500)
    await page.reload()
    await untilLive(page)
    expect(await page.getByRole('radio', { name: '500' }).isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Let it answer' }).click()
    await expect.poll(() => page.getByText('Each delivery is answered 500').count()).toBe(0)
    await expect.poll(() => send('eve')).toBe(202)
    expect(await rowsOf(page).count()).toBeGreaterThan(1)
  })
})
