import { coldMailReseller, inboxKit, openMail } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { verdict } from '../verdict.js'

// Signatures computed with other programs, over fixed bodies at a fixed time.

const TIME = '1711015501'
const NOW = 1711015501_000
const AT = { now: () => NOW, invalid: 'deliver' } as const

const CMR_BODY = '{"event":"mailbox.updated","eventId":"Q9F81GPR7S4QWQG17D89TV3FN4E4"}'
const CMR = {
  bodyHex: 'de09f52f62680b89a375c667802afdb14cd87d7951821eeee09f750183b11027',
  bodyBase64: '3gn1L2JoC4mjdcZngCr9sUzYfXlRgh7u4J91AYOxECc=',
  timedHex: '4aa248770a2455a843dab7d5c415dc8ed6e6965553687944f95946e9b29da587',
  timedBase64: 'SqJIdwokVahD2rfVxBXcjtbmllVTaHlE+VlG6bKdpYc=',
}
const SECRETS = { secrets: ['test-api-key'] }

const cmr = (signature: string, time = TIME) => ({
  headers: { 'cmr-x-timestamp': time, 'cmr-x-signature': signature },
  body: CMR_BODY,
})

describe('Cold Mail Reseller', () => {
  it.each([
    [CMR.bodyHex, 'body/hex', 'body'],
    [CMR.bodyHex.toUpperCase(), 'body/hex', 'body'],
    [`sha256=${CMR.bodyHex}`, 'body/hex', 'body'],
    [CMR.bodyBase64, 'body/base64', 'body'],
    [`sha256=${CMR.bodyBase64}`, 'body/base64', 'body'],
    [CMR.timedHex, 'timestamp.body/hex', 'body+timestamp'],
    [`sha256=${CMR.timedHex}`, 'timestamp.body/hex', 'body+timestamp'],
    [CMR.timedBase64, 'timestamp.body/base64', 'body+timestamp'],
  ])('reads %s as %s, which proves the %s', async (signature, reading, trust) => {
    expect(await verdict(coldMailReseller(SECRETS), cmr(signature), AT)).toMatchObject({
      kind: 'failed',
      id: 'cold-mail-reseller:Q9F81GPR7S4QWQG17D89TV3FN4E4',
      reading,
      trust,
    })
  })

  it.each([
    [{ signedContent: 'body' }, CMR.timedHex, CMR.bodyHex],
    [{ signedContent: 'timestamp.body' }, CMR.bodyHex, CMR.timedHex],
    [{ encoding: 'hex' }, CMR.bodyBase64, CMR.bodyHex],
    [{ encoding: 'base64' }, CMR.bodyHex, CMR.bodyBase64],
  ] as const)('with %o refuses any other reading', async (pin, refused, accepted) => {
    const provider = coldMailReseller({ ...SECRETS, ...pin })
    expect(await verdict(provider, cmr(refused), AT)).toMatchObject({ status: 401 })
    expect(await verdict(provider, cmr(accepted), AT)).toMatchObject({ kind: 'failed' })
  })

  it.each([
    ['other bits that decode to the same bytes', CMR.bodyBase64.replace('c=', 'd=')],
    ['no padding', CMR.bodyBase64.slice(0, -1)],
    ['the alphabet for URLs', CMR.timedBase64.replace('+', '-')],
    ['the prefix twice', `sha256=sha256=${CMR.bodyHex}`],
    ['another prefix', `sha1=${CMR.bodyHex}`],
  ])('refuses a signature with %s', async (_what, signature) => {
    expect(await verdict(coldMailReseller(SECRETS), cmr(signature), AT)).toMatchObject({ code: 'signature_malformed' })
  })

  it('reads its time as seconds or milliseconds', async () => {
    for (const time of [TIME, `${TIME}000`]) {
      expect(await verdict(coldMailReseller(SECRETS), cmr(CMR.bodyHex, time), AT)).toMatchObject({ ageMs: 0 })
    }
    expect(await verdict(coldMailReseller(SECRETS), cmr(CMR.bodyHex, `${TIME}000000`), AT)).toMatchObject({
      code: 'timestamp_invalid',
    })
  })
})

describe('OpenMail', () => {
  it('signs the time and the body', async () => {
    const sent = {
      headers: {
        'x-timestamp': TIME,
        'x-signature': 'd72582e7cfe45a0460548ad019cd0ef97d1a418cba1e8f3bf8aeadf7fcb66e87',
      },
      body: '{"event":"message.received","event_id":"evt_abc123"}',
    }
    expect(await verdict(openMail({ secrets: ['test-webhook-secret'] }), sent, AT)).toMatchObject({
      id: 'openmail:evt_abc123',
      reading: 'timestamp.body/hex',
      trust: 'body+timestamp',
    })
  })
})

describe('InboxKit', () => {
  it.each([
    [
      'the hash of the team key',
      'ee0c259529fff811126da8ba3209a551b2a04fa95953b94b8711885584025cdf',
      'sender',
      'token/hex',
    ],
    ['an HMAC over the body', '385bc6052017277f8974c47ac9c991b00bc398700f19e096a87362d3e4c6c0ad', 'body', 'body/hex'],
  ])('takes %s', async (_what, signature, trust, reading) => {
    const sent = {
      headers: {
        'x-inboxkit-timestamp': new Date(NOW).toISOString(),
        'x-inboxkit-signature': `sha256=${signature}`,
      },
      body: '{"event":"mailbox.status_changed"}',
    }
    const provider = inboxKit({ secrets: ['test-team-api-key'] })
    expect(await verdict(provider, sent, AT)).toMatchObject({ kind: 'failed', trust, reading })
    const unprefixed = { ...sent, headers: { ...sent.headers, 'x-inboxkit-signature': signature } }
    expect(await verdict(provider, unprefixed, AT)).toMatchObject({ code: 'signature_malformed' })
  })
})
