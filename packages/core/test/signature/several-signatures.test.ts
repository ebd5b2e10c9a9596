import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { custom } from '../providers/custom.js'
import { verdict } from '../verdict.js'

const BODY = '{}'
const GOOD = createHmac('sha256', 'key').update(BODY).digest('hex')
const WRONG = createHmac('sha256', 'another key').update(BODY).digest('hex')

async function verdictOn(separator: string | undefined, signature: string): Promise<string> {
  const provider = custom({
    signature: { header: 'x-acme', secrets: ['key'], separator, readings: [{ name: 'body', trust: 'body' }] },
  })
  const { code } = await verdict(provider, { headers: { 'x-acme': signature }, body: BODY })
  // The handler that is reached fails.
  return code ?? 'accepted'
}

describe.each([' ', ',', ';'])('signatures in one header, with %j between them', (separator) => {
  it.each([
    ['the good one alone', [GOOD]],
    ['a wrong one, then the good one', [WRONG, GOOD]],
    ['the good one, then a wrong one', [GOOD, WRONG]],
    ['one of another form, then the good one', ['v2=x', GOOD]],
    ['the good one as the last of 32', [...Array(31).fill(WRONG), GOOD]],
  ])('verify when the good one is among them: %s', async (_which, signatures) => {
    expect(await verdictOn(separator, signatures.join(separator))).toBe('accepted')
  })

  it('are refused when all are wrong', async () => {
    expect(await verdictOn(separator, [WRONG, WRONG].join(separator))).toBe('signature_invalid')
  })

  it.each([
    ['none has a known form', ['v2=x', 'v3=y']],
    ['there are more than 32, each of which may cost a verification', [...Array(32).fill(WRONG), GOOD]],
  ])('are refused when %s', async (_why, signatures) => {
    expect(await verdictOn(separator, signatures.join(separator))).toMatch(/^signature_(malformed|repeated)$/)
  })
})

describe('several signatures', () => {
  it('are refused by a provider that sends one', async () => {
    expect(await verdictOn(undefined, `${GOOD} ${GOOD}`)).toBe('signature_malformed')
    expect(await verdictOn(undefined, `${GOOD}, ${GOOD}`)).toBe('signature_repeated')
  })

  // The comma is a part of the form, so it tells nothing of a second header.
  it.each([
    ['v1,', 'v1,x', 'signature_malformed'],
    ['v1=', `v1=${GOOD},v1=${GOOD}`, 'signature_repeated'],
  ])('are told from one whose prefix has a comma: %s', async (prefix, signature, code) => {
    const readings = [{ content: ['body'], prefix }]
    const provider = custom({ signature: { header: 'x-acme', secrets: ['key'], readings } })
    expect(await verdict(provider, { headers: { 'x-acme': signature }, body: BODY })).toMatchObject({ code })
  })

  it('are parted by the separator that the provider uses, and by no other', async () => {
    expect(await verdictOn(' ', `${WRONG},${GOOD}`)).toBe('signature_repeated')
  })

  // HTTP joins two headers of one name by a comma and a space. A proxy that doubles a header may have changed it.
  it.each([
    ['the same', `${GOOD}, ${GOOD}`],
    ['a wrong one first', `${WRONG}, ${GOOD}`],
    ['a wrong one last', `${GOOD}, ${WRONG}`],
    ['an empty one', `${GOOD}, `],
  ])('are refused in two headers, where a space is the separator: %s', async (_what, joined) => {
    expect(await verdictOn(' ', joined)).toBe('signature_repeated')
  })
})

describe('a signature of one version', () => {
  it('is not taken for one of another, though both have the same form', async () => {
    const readings = [
      { prefix: 'v1=', content: ['body'] },
      { prefix: 'v2=', content: [{ text: 'v2:' }, 'body'] },
    ]
    const provider = custom({ signature: { header: 'x-acme', secrets: ['key'], readings } })
    const codeOf = async (prefix: string, signed: string) => {
      const mac = createHmac('sha256', 'key').update(signed).digest('hex')
      return (await verdict(provider, { headers: { 'x-acme': prefix + mac }, body: BODY })).code ?? 'accepted'
    }
    expect([await codeOf('v1=', BODY), await codeOf('v2=', `v2:${BODY}`)]).toEqual(['accepted', 'accepted'])
    expect(await codeOf('v2=', BODY)).toBe('signature_invalid')
    expect(await codeOf('v1=', `v2:${BODY}`)).toBe('signature_invalid')
  })
})

describe('readings with prefixes of which one begins another', () => {
  const BARE = { name: 'bare', prefix: '' }
  const VERSIONED = { name: 'versioned', prefix: 'v1=' }
  const NEWER = { name: 'newer', prefix: 'v1=v2=' }

  it.each([
    ['the shortest first', [BARE, VERSIONED, NEWER]],
    ['the longest first', [NEWER, VERSIONED, BARE]],
  ])('each verify, listed with %s', async (_order, listed) => {
    const readings = listed.map(({ name, prefix }) => ({ name, prefix, content: ['body'] as const }))
    const provider = custom({ signature: { header: 'x-acme', secrets: ['key'], readings } })
    for (const { prefix } of listed) {
      expect(await verdict(provider, { headers: { 'x-acme': prefix + GOOD }, body: BODY })).toMatchObject({
        trust: 'body',
      })
    }
  })
})
