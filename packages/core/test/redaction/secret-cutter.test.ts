import { inspect } from 'node:util'
import { secretCutter } from '@mailbox-hooks/core/queue'
import { describe, expect, it } from 'vitest'
import { cpuTimeOf } from '../cpu-time.js'

const APP_PASSWORD = 'abcd efgh ijkl mnop'
const PASSWORD = `Pä"ss\\w&o/r'd+1%`
const USER = 'john@example.com'

const json = (value: unknown) => JSON.stringify(value)
const base64 = (text: string | Uint8Array) => Buffer.from(text as string).toString('base64')
const base64url = (text: string) => Buffer.from(text).toString('base64url')
const hex = (text: string) => Buffer.from(text).toString('hex')
const form = (secret: string) => String(new URLSearchParams({ user: USER, p: secret }))
const escaped = (secret: string) =>
  secret.replace(/[^a-z]/gi, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

function userInfo(secret: string): string {
  const url = new URL('smtp://mail.example.com')
  url.username = USER
  url.password = secret
  return url.href
}

/** Ways in which an error quotes a secret. */
const QUOTES: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in upper case': (secret) => secret.toUpperCase(),
  'as JSON': (secret) => json({ p: secret }),
  'as JSON in JSON': (secret) => json({ body: json({ p: secret }) }),
  'as JSON in JSON in JSON': (secret) => json([json({ body: json({ p: secret }) })]),
  'as JSON with slashes escaped': (secret) => json({ p: secret }).replaceAll('/', '\\/'),
  'as JSON of ASCII': (secret) => `{"p":"${escaped(secret)}"}`,
  'as JSON of ASCII in upper case': (secret) =>
    `{"p":"${escaped(secret).replace(/u(....)/g, (_, hex) => `u${hex.toUpperCase()}`)}"}`,
  'as JSON in a form': (secret) => form(json({ p: secret })),
  'in a URL': (secret) => `https://example.com/?p=${encodeURIComponent(secret)}&x=1`,
  'in a URL with percent codes in lower case': (secret) => encodeURIComponent(secret).toLowerCase(),
  'in a URL, encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'in a URL as encodeURI writes it': (secret) => encodeURI(secret),
  'in a form': form,
  'in the user info of a URL': userInfo,
  'as base64': base64,
  'as base64url': base64url,
  'as base64 of UTF-16': (secret) => base64(Buffer.from(secret, 'utf16le')),
  'as base64 in a URL': (secret) => `?state=${encodeURIComponent(base64(secret))}`,
  'as base64 of base64': (secret) => base64(base64(secret)),
  'as AUTH PLAIN': (secret) => `535 AUTH PLAIN ${base64(`\0${USER}\0${secret}`)}`,
  'as AUTH LOGIN': (secret) => `334 VXNlcm5hbWU6 ${base64(secret)}`,
  'as Basic': (secret) => `authorization: Basic ${base64(`${USER}:${secret}`)}`,
  'as Basic in JSON': (secret) => json({ headers: { authorization: `Basic ${base64(`${USER}:${secret}`)}` } }),
  'as XOAUTH2': (secret) => base64(`user=${USER}\x01auth=Bearer ${secret}\x01\x01`),
  'in a body in base64': (secret) => base64(json({ mailboxes: [{ email: USER, p: secret }] })),
  'in a body in base64 with lines': (secret) =>
    base64(json({ padding: 'x'.repeat(60), p: secret })).replace(/.{76}/g, '$&\r\n'),
  'in base64url that begins with a path': (secret) => `/tokens/${base64url(json({ p: secret }))}`,
  'as hex': hex,
  'as hex in upper case': (secret) => hex(secret).toUpperCase(),
  'as numbers in hex': (secret) =>
    [...Buffer.from(secret)].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', '),
  'as a Buffer': (secret) => inspect(Buffer.from(secret)),
  'as the JSON of a Buffer': (secret) => json(Buffer.from(secret)),
  'as the JSON of a Uint8Array': (secret) => json(new Uint8Array(Buffer.from(secret))),
  'as a Uint8Array': (secret) => inspect(new Uint8Array(Buffer.from(secret)), { breakLength: 40 }),
  'as inspect writes it': (secret) => inspect({ p: secret }),
  'as SQL': (secret) => `INSERT INTO mailboxes VALUES ('${secret.replaceAll("'", "''")}')`,
  'as a word of a shell': (secret) => `curl -u '${secret.replaceAll("'", "'\\''")}'`,
  'in HTML': (secret) => secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  'in HTML by numbers': (secret) => secret.replace(/[^a-z ]/gi, (unit) => `&#x${unit.charCodeAt(0).toString(16)};`),
  'as Python writes bytes': (secret) =>
    `b'${[...Buffer.from(secret)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`,
  'in octal': (secret) => [...Buffer.from(secret)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  'in colours': (secret) => `\x1b[31m${secret.slice(0, 3)}\x1b[0m${secret.slice(3)}`,
  'in colours in JSON': (secret) => json(`\x1b[31m${secret.slice(0, 3)}\x1b[0m${secret.slice(3)}`),
  'with accents of their own': (secret) => secret.normalize('NFD'),
}

/** Returns the texts that nobody may read: the secret, and each word of it that is longer than three letters. */
const cores = (secret: string) => [secret, ...secret.split(/[^a-z]+/i).filter((word) => word.length > 3)]

describe.each([
  ['an app password', APP_PASSWORD],
  ['a password with signs', PASSWORD],
])('%s is cut out of a text', (_what, secret) => {
  it.each(Object.entries(QUOTES))('%s', (_how, quote) => {
    const quoted = quote(secret)
    const cut = secretCutter([secret])(`Error: before ${quoted} behind`)
    expect(cut).toContain('[redacted]')
    expect(cut).toMatch(/^Error: before .*behind$/s)
    for (const hidden of [quoted, ...cores(secret)]) expect(cut.toLowerCase()).not.toContain(hidden.toLowerCase())
  })
})

describe('an app password', () => {
  it.each([
    ['without its spaces', 'abcdefghijklmnop'],
    ['with hyphens', 'abcd-efgh-ijkl-mnop'],
    ['with no-break spaces', 'abcd\u00A0efgh\u00A0ijkl\u00A0mnop'],
    ['without its spaces, as AUTH PLAIN', base64(`\0${USER}\0abcdefghijklmnop`)],
    ['without its spaces, as hex', hex('abcdefghijklmnop')],
  ])('is found %s', (_how, quoted) => {
    expect(secretCutter([APP_PASSWORD])(`(${quoted})`)).not.toContain(quoted)
  })
})

describe('a secret', () => {
  it('in base64 is found whatever stands before and behind it', () => {
    const cut = secretCutter(['planted-secret'])
    for (let before = 0; before < 6; before++) {
      for (let behind = 0; behind < 6; behind++) {
        const encoded = base64(`${'é~'.repeat(before)}${'x'.repeat(before)}planted-secret${'y'.repeat(behind)}`)
        for (const glued of ['', 'a', 'ab', 'abc']) {
          const rest = cut(glued + encoded).split('[redacted]')
          expect(rest.length).toBeGreaterThan(1)
          for (const part of rest) expect(Buffer.from(part, 'base64').toString()).not.toContain('plant')
        }
      }
    }
  })

  it.each(['', 'e', 'de', 'ade', 'made'])('in hex is found behind the word %j', (word) => {
    expect(secretCutter(['planted-secret'])(`(${word}${hex('planted-secret')})`)).toBe(`(${word}[redacted])`)
  })

  it('is cut out as one, beside others and when one is a part of another', () => {
    const cut = secretCutter(['hunter', 'hunter2', 'other-one'])
    expect(cut('hunter2, hunter, other-one and hunter23')).toBe('[redacted], [redacted], [redacted] and [redacted]3')
  })

  it('is cut out to its end, although a shorter one inside it ends before', () => {
    expect(secretCutter(['huntertwoislong', 'tertwo'])('(huntertwoislong) x')).toBe('([redacted]) x')
  })

  it('is cut out with its neighbours as one, where nothing stands between them', () => {
    expect(secretCutter(['hunter2'])('(hunter2hunter2)')).toBe('([redacted])')
    expect(secretCutter(['aaaa'])('aaaaaa b aaaa')).toBe('[redacted] b [redacted]')
  })

  it('is cut out of one that stands before it, whichever was found first', () => {
    expect(secretCutter(['-- "+" --', 'hunter2'])('hunter2, then -- "+" -- and hunter2')).toBe(
      '[redacted], then [redacted] and [redacted]',
    )
  })

  it('that is a URL gives away its password and its parameters in other places, too', () => {
    const cut = secretCutter(['https://user:s3cr3t-one@example.com/?code=4%2F0AbCdEfGh', 'Bearer eyJhbGciOi'])
    expect(cut('no s3cr3t-one, 4/0AbCdEfGh, eyJhbGciOi here')).toBe('no [redacted], [redacted], [redacted] here')
  })

  it('is found if it has only punctuation', () => {
    expect(secretCutter(['-- "+" --'])('a -- "+" -- b')).toBe('a [redacted] b')
  })

  it('shorter than 4 characters stays: it would be found everywhere', () => {
    expect(secretCutter(['abc', ''])('abcabc')).toBe('abcabc')
    expect(secretCutter(['abcd', 'ef-gh'])('abcd efgh')).toBe('[redacted] [redacted]')
  })

  it('that is not there still leaves the end of a long text out', () => {
    for (const secrets of [[], ['planted-secret']]) {
      expect(secretCutter(secrets)('abcdef', 3)).toBe('abc')
      expect(secretCutter(secrets)('x'.repeat(50_001))).toHaveLength(50_000)
    }
  })

  it('is replaced by the mark that is asked for', () => {
    expect(secretCutter(['hunter2'], '[hidden]')('hunter2')).toBe('[hidden]')
  })
})

describe('other texts', () => {
  it.each([
    'Error: connect ECONNREFUSED 127.0.0.1:5432',
    '    at Object.<anonymous> (/srv/app/node_modules/pg-pool/index.js:45:11)',
    'duplicate key value violates unique constraint "mailboxes_pkey" (23505)',
    'C:\\users\\new\\test %d items &amp; "quotes" \\u00e9 \x1b[31mred\x1b[0m',
    `sha256 ${hex('another text, of which nothing is secret')} ${base64('another text, of which nothing is secret')}`,
    '',
  ])('stay as they are: %j', (text) => {
    expect(secretCutter([APP_PASSWORD, PASSWORD])(text)).toBe(text)
  })
})

describe('the time', () => {
  const MANY = Array.from({ length: 16_000 }, (_, index) => (index + 1_000_000).toString(36))

  it.each([
    ['a short text', 'short'],
    ['all of them', json(MANY)],
    ['all of them in base64', base64(json(MANY))],
    ['all of them as a Buffer', hex(json(MANY))],
    ['backslashes', '\\'.repeat(112_000)],
    ['percent signs', '%25'.repeat(37_000)],
    ['numbers', '49,'.repeat(37_000)],
  ])('of 16,000 secrets and %s is well under a second', (_what, text) => {
    expect(cpuTimeOf(() => secretCutter(MANY)(text))).toBeLessThan(1_000)
  })

  it('of secrets that begin like each other and like the text is bounded', () => {
    const alike = Array.from({ length: 5_000 }, (_, index) => 'a'.repeat(index % 300) + index)
    expect(cpuTimeOf(() => secretCutter(alike)('a'.repeat(100_000)))).toBeLessThan(3_000)
  })

  it('is bounded: of a long text the end is left out, and with too many secrets all of it', () => {
    const secret = 'planted-secret'
    const cut = secretCutter([secret])(`${'x'.repeat(49_990)}${secret}${'y'.repeat(1_000_000)}`)
    expect(cut).toBe(`${'x'.repeat(49_990)}[redacted]`)
    expect(secretCutter([secret])(`abc ${secret}`, 10)).toBe('abc [redacted]')
    expect(secretCutter([secret])('of planted', 8)).toBe('of [redacted]')
    expect(secretCutter([secret])('of planted', 10)).toBe('of planted')
    expect(secretCutter(['x'.repeat(2_000_001)])('text')).toBe('[redacted]')
    expect(secretCutter(['x'.repeat(1_000_000), 'y'.repeat(1_000_000)])('text')).toBe('text')
  })

  it('of a long secret is short as well, and all of it is hidden', () => {
    const long = Array.from({ length: 500 }, (_, index) => index).join('')
    expect(secretCutter([long])(`a ${long} b`)).toBe('a [redacted] b')
  })
})
