import { coldMailReseller, inboxKit, openMail, type Provider } from '@mailbox-hooks/core'
import { sample } from '@mailbox-hooks/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeAddress, normalizeDomain, readAbout } from '../../src/event/about.js'

describe('normalizeAddress', () => {
  it.each([
    ['john@x.com', 'john@x.com'],
    ['John@X.COM', 'john@x.com'],
    ['  john@x.com ', 'john@x.com'],
    ['<john@x.com>', 'john@x.com'],
    ['John Doe <john@x.com>', 'john@x.com'],
    ['"Doe, John" <john@x.com>', 'john@x.com'],
    ['"a@b.example" <john@x.com>', 'john@x.com'],
    ['"<a@b.example>" <john@x.com>', 'john@x.com'],
    ['"\\"John\\" <a@b>" <john@x.com>', 'john@x.com'],
    ['john@x.com (John, at home)', 'john@x.com'],
    ['Zoe\u0301@example.com', 'zo\u00e9@example.com'],
    ['Zoë <zoe@Bücher.example>', 'zoe@xn--bcher-kva.example'],
    ['zoe@xn--bcher-kva.example', 'zoe@xn--bcher-kva.example'],
    ['john@x.com.', 'john@x.com'],
    ['"john doe"@x.com', '"john doe"@x.com'],
    ['j"o@hn"@x.com', 'j"o@hn"@x.com'],
    ['john@[192.0.2.1]', 'john@[192.0.2.1]'],
    ['john+tag@x.com', 'john+tag@x.com'],
    ['mailto:john@x.com', 'john@x.com'],
    [`${'a'.repeat(314)}@x.com`, `${'a'.repeat(314)}@x.com`],
    ['team: john@x.com;', 'john@x.com'],
    ['John <john@x.com> Doe', 'john@x.com'],
    ['(at home) john@x.com', 'john@x.com'],
  ])('of %j is %j', (text, address) => {
    expect(normalizeAddress(text)).toBe(address)
    expect(normalizeAddress(address)).toBe(address)
  })

  it.each([
    '',
    'john',
    '@x.com',
    'john@',
    'John Doe',
    'a@x.com, b@x.com',
    'john doe@x.com',
    '<>',
    `${'a'.repeat(330)}@x.com`,
    `${'a'.repeat(315)}@x.com`,
    `a@${'x'.repeat(255)}.com`,
    'x"a b"@x.com',
    '"a b"x@x.com',
    '"a" b@x.com',
  ])('of %j is none', (text) => {
    expect(normalizeAddress(text)).toBeUndefined()
  })

  it('is the same when it is made twice, whatever the text is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string(), fc.string({ unit: 'grapheme' })), (text) => {
        const address = normalizeAddress(text)
        if (address !== undefined) expect(normalizeAddress(address)).toBe(address)
      }),
    )
  })

  it('is the same for the commonest form, which is not taken apart, and for that form in another spelling', () => {
    const domain = fc.stringMatching(/^(?:[a-z0-9]{1,50}\.){1,4}[a-z]{2,20}$/)
    fc.assert(
      fc.property(fc.stringMatching(/^[\w.+-]{1,20}$/), domain, (local, name) => {
        expect(normalizeDomain(name)).toBe(normalizeDomain(`${name.toUpperCase()}.`))
        expect(normalizeAddress(`${local}@${name}`)).toBe(normalizeAddress(`Ada <${local}@${name.toUpperCase()}>`))
      }),
    )
  })

  it('takes time that grows with its text only', () => {
    for (const part of ['"', '"\\', '(', '<', '<a', ',', 'a@', '\\', '":(']) {
      const startedAt = performance.now()
      normalizeAddress(part.repeat(500_000))
      expect(performance.now() - startedAt).toBeLessThan(1000)
    }
  })
})

describe('normalizeDomain', () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['example.com.', 'example.com'],
    ['Bücher.example', 'xn--bcher-kva.example'],
    ['_dmarc.example.com', '_dmarc.example.com'],
    [' example.com ', 'example.com'],
    ['EXA_MPLE', 'exa_mple'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('of %j is %j', (text, domain) => {
    expect(normalizeDomain(text)).toBe(domain)
  })

  it.each(['', ' ', '.', 'a b', 'a@b.example', '<x>', 'a,b', 'a;b', 'x'.repeat(256)])('of %j is none', (text) => {
    expect(normalizeDomain(text)).toBeUndefined()
  })
})

describe('what an event is about', () => {
  it('is read from texts and lists of texts, of any other value nothing', () => {
    const about = readAbout({
      addresses: ['A <a@x.com>, b@x.com', ['a@x.com', ['c@x.com']], null, 7, {}, undefined, 'nobody'],
      ids: ['ID_1', 'ID_1', '', 7, ['thread'], 'x'.repeat(2000)],
      domains: ['X.com', undefined, 'a b'],
    })
    expect(about).toEqual({ addresses: ['a@x.com', 'b@x.com', 'c@x.com'], ids: ['ID_1', 'thread', 'x.com'] })
  })

  it('is nothing where the provider says nothing', () => {
    expect(readAbout()).toEqual({ addresses: [], ids: [] })
    expect(readAbout({})).toEqual({ addresses: [], ids: [] })
    expect(readAbout({ domains: ['x.com'] })).toEqual({ addresses: [], ids: ['x.com'] })
  })

  it('has ids of up to 1,024 characters', () => {
    const [fits, long] = ['x'.repeat(1_024), 'x'.repeat(1_025)]
    expect(readAbout({ ids: [fits, long] })).toEqual({ addresses: [], ids: [fits] })
  })

  it('has a bounded number of entries', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `${index}@x.com`)
    const about = readAbout({ addresses: [many.join(', '), many], ids: many, domains: many })
    expect(about.addresses).toHaveLength(200)
    expect(about.ids).toHaveLength(200)
  })

  const cmr = coldMailReseller({ secrets: ['key'] })
  const kit = inboxKit({ secrets: ['key'] })
  const mail = openMail({ secrets: ['key'] })
  const aboutOf = (provider: Provider, payload: object) =>
    readAbout(provider.describe(payload as Record<string, unknown>, { header: () => undefined }).about)

  it('is said of each event of a provider', () => {
    expect(aboutOf(cmr, sample.coldMailReseller['mailbox.created']())).toEqual({
      addresses: ['john@coldmailseller.com'],
      ids: expect.arrayContaining(['coldmailseller.com']),
    })
    const of = (provider: Provider, samples: Readonly<Record<string, () => object>>) =>
      Object.entries(samples).map(([type, make]) => [type, aboutOf(provider, make())])
    expect([
      ...of(cmr, sample.coldMailReseller),
      ...of(kit, sample.inboxKit),
      ...of(mail, sample.openMail),
    ]).toMatchSnapshot()
  })

  it('is the whole address where a failed order shows the part before the @', () => {
    const data = { domain: 'X.com', mailboxDetails: { email: 'John' } }
    expect(aboutOf(cmr, { event: 'mailbox.order.failed', data })).toMatchObject({ addresses: ['john@x.com'] })
  })

  it('is nothing for a payload of any other shape', () => {
    for (const provider of [cmr, kit, mail]) {
      for (const data of [null, [], 7, { mailboxDetails: [null, [], 'x', { preWarmedUpMailboxes: [null] }] }]) {
        expect(aboutOf(provider, { data, message: data })).toEqual({ addresses: [], ids: [] })
      }
    }
  })
})
