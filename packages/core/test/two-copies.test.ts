import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createReceiver, WebhookError } from '@mailbox-hooks/core'
import { afterAll, describe, expect, it } from 'vitest'
import { answerTo } from './request.js'

const CORE = new URL('..', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'mailbox-hooks-copy-'))
cpSync(join(CORE, 'dist'), join(folder, 'dist'), { recursive: true })
cpSync(join(CORE, 'package.json'), join(folder, 'package.json'))
symlinkSync(join(CORE, 'node_modules'), join(folder, 'node_modules'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A package of a provider may bring a copy of the core of its own. */
describe('a provider made by another copy of the core', async () => {
  const other: typeof import('@mailbox-hooks/core') = await import(pathToFileURL(join(folder, 'dist/index.js')).href)
  const receiver = createReceiver({ providers: [other.openMail({ secrets: ['an-openmail-secret'] })] })

  it('is another copy', () => {
    expect(other.WebhookError).not.toBe(WebhookError)
  })

  it.each([
    ['a malformed signature', { 'x-signature': 'short', 'x-timestamp': '1780000000' }, '401 signature_invalid'],
    ['an old time', { 'x-signature': 'a'.repeat(64), 'x-timestamp': '1780000000' }, '401 timestamp_invalid'],
    [
      'a wrong signature',
      { 'x-signature': 'a'.repeat(64), 'x-timestamp': String(Math.floor(Date.now() / 1000)) },
      '401 signature_invalid',
    ],
  ])('refuses %s as its own receiver would', async (_what, headers, answer) => {
    expect(await answerTo(receiver, { headers, body: '{}' })).toBe(answer)
  })
})
