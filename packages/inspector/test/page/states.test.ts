import { openInspector } from '@mailbox-hooks/inspector'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../../test/servers/free-port.js'
import { TcpProxy } from '../../../../test/servers/tcp-proxy.js'
import { hasChromium, launchChromium, useChromium } from './chromium.js'
import { detailOf, openRow, rowsOf, rowWith, untilLive } from './page-parts.js'
import { mail, mailbox, openSite } from './site.js'

describe.skipIf(!hasChromium)('states of the page', () => {
  const open = useChromium()

  it('helps a person whose link was used', async () => {
    const site = await openSite()
    const { url } = site.inspector
    await untilLive(await open(url))
    const second = await open(url)
    await second.getByText('This link has been used').waitFor()
    expect(await second.getByLabel('Password').count()).toBe(0)
  })

  it('lets in by password where there is one', async () => {
    const site = await openSite({ password: 'correct horse battery' })
    const page = await open(new URL('/', site.inspector.url).href)
    await page.getByLabel('Password').fill('wrong horse battery')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByText('The password is wrong.').waitFor()
    await page.getByLabel('Password').fill('correct horse battery')
    await page.keyboard.press('Enter')
    await untilLive(page)
    expect(await rowsOf(page).count()).toBe(0)
  })

  it('says that it is disconnected, and connects by itself', async () => {
    const site = await openSite()
    const address = new URL(site.inspector.url)
    const proxy = await (await TcpProxy.before(address.origin)).start()
    onTestFinished(() => proxy.stop())
    // The page asks for its own address, and its connections go through the proxy.
    address.hostname = 'localhost'
    const browser = await launchChromium([
      `--host-resolver-rules=MAP localhost:${address.port} 127.0.0.1:${proxy.port}`,
    ])
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.goto(address.href)
    await site.send(mailbox('before'))
    await rowWith(page, 'before@coldmailseller.com').waitFor()
    await proxy.stop()
    await page.getByText('Disconnected.').waitFor()
    await page.getByText(/Next try in|Connecting …/).waitFor()
    await site.send(mailbox('meanwhile'))
    await proxy.start()
    await rowWith(page, 'meanwhile@coldmailseller.com').waitFor()
    await untilLive(page)
    expect(await page.getByText('Disconnected.').count()).toBe(0)
    expect(await rowsOf(page).count()).toBe(2)
  })

  it('asks for the new link after a restart of the process', async () => {
    const port = await freePort()
    const first = await openInspector({ port })
    const page = await open(first.url)
    await untilLive(page)
    await first.close()
    await page.getByText('Disconnected').first().waitFor()
    const second = await openInspector({ port })
    onTestFinished(() => second.close())
    await page.getByText('the inspector was restarted').waitFor()
    expect(await page.evaluate('sessionStorage.getItem("mailbox-hooks-session")')).toBeNull()
  })

  it('works in a window of 320 pixels', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url, { viewport: { width: 320, height: 640 } })
    await site.send(mailbox('bob'))
    await openRow(page, 'bob@coldmailseller.com')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
    expect((await detailOf(page).boundingBox())?.width).toBe(320)
    expect(await page.evaluate('document.querySelector(".detail").scrollWidth')).toBe(320)
    await page.getByRole('button', { name: 'Close the delivery' }).click()
    await expect.poll(() => detailOf(page).count()).toBe(0)
    expect(await rowsOf(page).count()).toBe(1)
  })

  it('is used by keyboard alone', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mail('ada'))
    await site.send(mailbox('bob'))
    await expect.poll(() => rowsOf(page).count()).toBe(2)
    const selected = () => page.locator('[role=row][aria-selected=true]').innerText()
    await page.keyboard.press('j')
    expect(await selected()).toContain('mailbox.created')
    await page.keyboard.press('j')
    expect(await selected()).toContain('message.received')
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await detailOf(page).getByRole('heading', { name: 'mailbox.created' }).waitFor()
    await page.keyboard.press('j')
    await detailOf(page).getByRole('heading', { name: 'message.received' }).waitFor()
    await page.keyboard.press('r')
    await detailOf(page).getByText('Replayed as it came', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => detailOf(page).count()).toBe(0)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard and help' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    expect(await page.evaluate('document.activeElement.id')).toBe('search')
    await page.keyboard.press('Escape')
    expect(await page.evaluate('document.activeElement.id')).toBe('deliveries')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Home')
    expect(await selected()).toContain('mailbox.created')
  })

  it('reaches every control of a delivery with the Tab key', async () => {
    const site = await openSite()
    const page = await open(site.inspector.url)
    await site.send(mailbox('bob'))
    await openRow(page, 'mailbox.created')
    await page.locator('#deliveries').focus()
    const reached = new Set<string>()
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press('Tab')
      reached.add(String(await page.evaluate('document.activeElement.textContent.trim()')))
    }
    const controls = await detailOf(page).locator('button:enabled:not([role=tab])').allTextContents()
    expect(controls.filter((control) => !reached.has(control.trim()))).toEqual([])
  })
})
