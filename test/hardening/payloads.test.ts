import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import { createReceiver, defineProvider, memoryStore, redact } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { KEY, PROOFS, target } from './attack.js'

const asInboxKit = (body: string) => ({ headers: PROOFS.inboxkit!(body), body })
const asOpenMail = (body: string) => ({ headers: PROOFS.openmail!(body), body })

const nested = (open: string, depth: number, close: string) => open.repeat(depth) + close.repeat(depth)

/** Generous, for a machine that does other work, and still far from what was measured before each was mended. */
async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const result = await work()
  expect(performance.now() - startedAt).toBeLessThan(ms)
  return result
}

describe('a payload', () => {
  it('may be nested as deep as 4 MB allow: it is handed over, and printing it does not overflow', async () => {
    const deep = nested('{"a":', 800_000, '}').replace('}', '1}')
    const { receive } = target()
    const reception = await within(5_000, () => receive(asOpenMail(`{"event":"deep","event_id":"e","x":${deep}}`)))
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    expect(JSON.stringify(reception.delivery)).toContain('[too deep]')
    expect(inspect(reception.delivery, { depth: 100 })).toContain('[too deep]')
    await reception.settle(200)
  })

  it.each([
    ['an array of arrays', nested('[', 2_000_000, ']')],
    ['an array of a million numbers', `[${'1,'.repeat(1_000_000)}1]`],
  ])('that is %s is refused as no object', async (_what, body) => {
    const { receive, outcomes } = target()
    // The parser alone takes two to four seconds for the brackets.
    await within(15_000, () => receive(asOpenMail(body)))
    expect(outcomes[0]?.code).toBe('body_invalid')
  })

  it('may have 300,000 fields, also when each must be looked at for a __proto__', async () => {
    const fields = Array.from({ length: 300_000 }, (_, index) => `"f${index}":"\\u0041"`)
    const { receive } = target()
    const { answer } = await within(5_000, () => receive(asOpenMail(`{"event":"wide","event_id":"e",${fields}}`)))
    expect(answer).toBeUndefined()
  })

  it('full of faults costs no more than its size, and 20 of them are told', async () => {
    const { receive, outcomes } = target()
    const faults = `[${'1,'.repeat(2_000_000)}1]`
    const lists = `{"event":"domain.status_changed","data":{"domain":{"nameservers":${faults}}}}`
    await within(5_000, () => receive(asInboxKit(lists)))
    expect(outcomes[0]?.code).toBe('payload_invalid')

    const attachments = `[${'1,'.repeat(1_000)}1]`
    await receive(asOpenMail(`{"event":"message.received","event_id":"e","message":{"attachments":${attachments}}}`))
    expect(outcomes[1]?.issues).toHaveLength(20)
  })

  it.each([
    ['an event that is no text', '{"event":{"toString":1,"valueOf":1}}'],
    [
      'a status that is no text',
      '{"event":"mailbox.x","timestamp":"t","data":{"mailbox":{"uid":"u","status":{"toString":1}}}}',
    ],
    ['a type that every object has', '{"event":"constructor.name","timestamp":"t","data":{"constructor":{"uid":"u"}}}'],
    ['a type that is the prototype', '{"event":"__proto__.x","timestamp":"t","data":{}}'],
  ])('with %s is unknown, and no failure', async (_what, body) => {
    const { receive, outcomes } = target()
    const { answer } = await receive(asInboxKit(body))
    expect(outcomes[0]?.code ?? answer).toBeUndefined()
  })

  it.each([
    ['as it is', '{"a":{"__proto__":{"isAdmin":true}}}'],
    ['with escapes', '{"a":[{"\\u005f_pro\\u0074o__":{"isAdmin":true}}]}'],
  ])('that names __proto__ %s is refused', async (_how, body) => {
    const { receive, outcomes } = target()
    await receive(asOpenMail(body))
    expect(outcomes[0]?.code).toBe('body_invalid')
  })
})

describe('an id', () => {
  const acme = defineProvider({
    name: 'acme',
    signature: { header: 'x-acme', secrets: [KEY], readings: [{ name: 'body', trust: 'body' }] },
    retries: { spanMs: 600_000, maxHandlerMs: 60_000 },
    describe: ({ id }) => ({ id }),
    events: () => ({}),
  })
  const receiver = createReceiver({ providers: [acme], store: memoryStore() })

  async function keyOf(body: string): Promise<string> {
    const signature = createHmac('sha256', KEY).update(body).digest('hex')
    const reception = await receiver.receive({
      method: 'POST',
      header: (name) => (name === 'x-acme' ? signature : undefined),
      readBody: async () => Buffer.from(body),
      isOpenEnded: () => false,
    })
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    await reception.settle(200)
    return reception.delivery.id
  }

  it('that JavaScript cannot tell from another number is not used: both events are handled', async () => {
    expect(await keyOf('{"id":9007199254740992}')).not.toBe(await keyOf('{"id":9007199254740993}'))
  })

  it('that is no id but a structure, however deep, is not used', async () => {
    expect(await keyOf(`{"id":[${nested('[', 100_000, ']')}]}`)).toMatch(/^acme:sha256:/)
    expect(await keyOf('{"id":[{"toString":1}]}')).toMatch(/^acme:sha256:/)
  })

  it('of megabytes is kept by its hash', async () => {
    const [one, another] = [await keyOf(`{"id":"${'a'.repeat(3e6)}"}`), await keyOf(`{"id":"${'a'.repeat(3e6)}b"}`)]
    expect(one).toMatch(/^acme:sha256:[0-9a-f]{64}$/)
    expect(another).not.toBe(one)
  })
})

describe('redact', () => {
  it('copies what refers to itself, and what is reached on many ways, once', () => {
    const root: Record<string, unknown> = { password: 'x' }
    let node = root
    for (let level = 0; level < 60; level++) {
      const next = {}
      Object.assign(node, { left: next, right: next, root })
      node = next
    }
    const copy = redact(root) as Record<string, unknown>
    expect(copy.password).toBe('[redacted]')
    expect(copy.root).toBe(copy)
    expect(copy.left).toBe(copy.right)
  })
})
