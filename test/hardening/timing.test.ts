import { describe, expect, it, vi } from 'vitest'
import { PROOFS, target } from './attack.js'

// By structure and not by the clock: on a busy machine nanoseconds say nothing, and a test that is right most of the
// time is not a test. Instead, the platform's constant-time comparison must decide, over whole digests. The number of
// comparisons must not depend on a secret.
const compared = vi.hoisted((): number[] => [])

vi.mock(import('node:crypto'), async (importOriginal) => {
  const crypto = await importOriginal()
  const timingSafeEqual: typeof crypto.timingSafeEqual = (a, b) => {
    compared.push(a.byteLength, b.byteLength)
    return crypto.timingSafeEqual(a, b)
  }
  return { ...crypto, timingSafeEqual }
})

const BODY = '{"event":"of.no.known.type"}'
const HEADERS = { openmail: 'x-signature', 'cold-mail-reseller': 'cmr-x-signature', inboxkit: 'x-inboxkit-signature' }

const otherDigit = (digit: string) => (digit === '0' ? '1' : '0')

describe.each(Object.entries(HEADERS))('a wrong signature for %s', (provider, header) => {
  const genuine = PROOFS[provider]!(BODY)
  const digitsFrom = genuine[header]!.length - 64
  const { receive } = target()

  /** Returns the compared lengths when the digit at a position is wrong; undefined when it was accepted. */
  async function comparisons(position: number): Promise<readonly number[] | undefined> {
    const signature = genuine[header]!
    const at = digitsFrom + position
    const wrong = signature.slice(0, at) + otherDigit(signature[at]!) + signature.slice(at + 1)
    compared.length = 0
    const { answer } = await receive({ headers: { ...genuine, [header]: wrong }, body: BODY })
    return answer?.status === 401 ? [...compared] : undefined
  }

  it('is compared in full and as often, wherever its first wrong digit is', async () => {
    const first = await comparisons(0)
    expect(first).not.toHaveLength(0)
    expect(new Set(first)).toEqual(new Set([32]))
    for (let position = 1; position < 64; position++) expect(await comparisons(position)).toEqual(first)
  })
})
