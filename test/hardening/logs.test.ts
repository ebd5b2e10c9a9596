import { inspect } from 'node:util'
import { logOutcomes } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { PROOFS, target } from './attack.js'

const FORGED_LINE = '\r\n{"level":"info","msg":"webhook handled"}'
const TERMINAL = '\u001b[2J\u001b[31m\u0007\u2028\u0000'

/** Returns the lines that a logger of JSON and one for the terminal print for a delivery. */
async function printedFor(headers: Readonly<Record<string, string>>, body: string): Promise<readonly string[]> {
  const printed: string[] = []
  const print = (facts: object, message: string) =>
    printed.push(
      JSON.stringify({ ...facts, message }),
      inspect(facts, { breakLength: Number.POSITIVE_INFINITY }),
      message,
    )
  const { receive } = target({ onOutcome: logOutcomes({ info: print, warn: print, error: print }) })
  const reception = await receive({ headers, body })
  if (reception.answer === undefined) await reception.settle(500)
  expect(printed).not.toHaveLength(0)
  return printed
}

describe('a log of outcomes', () => {
  it.each([FORGED_LINE, TERMINAL])('has one line for each, whatever a payload says: %j', async (text) => {
    const body = JSON.stringify({ event: text, event_id: text, inbox_id: text, [text]: text })
    for (const line of await printedFor(PROOFS.openmail!(body), body)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(line).not.toMatch(/[\u0000-\u001f]/)
    }
  })

  it('repeats nothing of a request that is not proven', async () => {
    const marked = 'marked-by-the-attacker'
    const attempts = [
      { 'x-signature': marked, 'x-timestamp': marked },
      { 'x-signature': 'a'.repeat(64), 'x-timestamp': marked },
      { 'x-inboxkit-signature': `sha256=${marked}`, 'x-inboxkit-timestamp': marked },
      { 'cmr-x-signature': 'a'.repeat(64), 'cmr-x-timestamp': '1767225600', 'x-event-id': marked },
      { 'content-encoding': marked },
      { 'content-length': marked },
    ]
    for (const headers of attempts) {
      expect((await printedFor(headers, `{"event":"${marked}"}`)).join()).not.toContain(marked)
    }
  })
})
