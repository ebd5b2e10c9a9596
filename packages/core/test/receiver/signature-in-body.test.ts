import { createReceiver, defineProvider, inboxKit, openMail } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { cpuTimeOf } from '../cpu-time.js'
import { answerTo, receive } from '../request.js'
import { verdict } from '../verdict.js'

const TOKEN = 'a-token-of-the-subscriber'
const RULES = {
  retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
  describe: ({ id, type }: Readonly<Record<string, unknown>>) => ({ id, type }),
  events: () => ({}),
}

/** A provider whose token stands in the body. So each request could be its own. */
const tokenInBody = (secret = TOKEN, list?: true) =>
  defineProvider({
    name: 'in-body',
    signature: { field: 'clientState', secrets: [secret], readings: [{ algorithm: 'token' }] },
    ...(list && { list }),
    ...RULES,
  })

describe('a provider whose signature is in the body', () => {
  const NOW = 1_767_225_600_000
  const inboxKitKey = 'an-inboxkit-team-key'

  // InboxKit never sends again what was answered with a 4xx.
  it.each([
    ['before', (others: ReturnType<typeof inboxKit>) => [tokenInBody(), others]],
    ['behind', (others: ReturnType<typeof inboxKit>) => [others, tokenInBody()]],
  ])('hides no refusal of another provider, listed %s it', async (_where, providersWith) => {
    const { createHash } = await import('node:crypto')
    const headers = {
      'x-inboxkit-signature': `sha256=${createHash('sha256').update(inboxKitKey).digest('hex')}`,
      'x-inboxkit-timestamp': new Date(NOW - 48 * 3600_000).toISOString(),
    }
    const outcome = await verdict(
      providersWith(inboxKit({ secrets: [inboxKitKey] })),
      { headers, body: '{}' },
      { now: () => NOW },
    )
    expect(outcome).toMatchObject({ status: 503, code: 'timestamp_invalid', provider: 'inboxkit' })
  })

  it('says nothing about the time of a forged delivery to its sender', async () => {
    const receiver = createReceiver({ providers: [tokenInBody(), openMail({ secrets: ['openmail-webhook-secret'] })] })
    expect(await answerTo(receiver, { headers: {}, body: '{}' })).toBe('401 signature_invalid')
  })

  it.each([
    ['lists within lists', '['.repeat(1_000_000)],
    ['objects within objects', '{"a":'.repeat(1_000_000)],
    ['a list of a list', `{"clientState":"${TOKEN}","a":${'['.repeat(201)}${']'.repeat(201)}}`],
  ])('costs little, however it is nested: %s', async (_what, body) => {
    const receiver = createReceiver({ providers: [tokenInBody()] })
    let answer: Promise<string> | undefined
    const spentMs = cpuTimeOf(() => {
      answer = answerTo(receiver, { headers: {}, body })
    })
    expect(await answer).toBe('401 signature_invalid')
    expect(spentMs).toBeLessThan(500)
  })

  it('takes what is nested 200 levels deep, with brackets in texts beside', async () => {
    const nested = `${'['.repeat(199)}"]{[\\"[["${']'.repeat(199)}`
    const body = `{"clientState":"${TOKEN}","id":"1","type":"a","text":"${'['.repeat(500)}","a":${nested}}`
    expect(await verdict(tokenInBody(), { headers: {}, body })).toMatchObject({ trust: 'sender' })
  })

  it('prints its token nowhere, although no option names it', async () => {
    const receiver = createReceiver({ providers: [tokenInBody()] })
    const reception = await receive(receiver, { headers: {}, body: `{"clientState":"${TOKEN}","id":"1","type":"a"}` })
    if (reception.answer !== undefined) return expect.unreachable()
    expect(JSON.stringify(reception.delivery)).not.toContain(TOKEN)
    expect(JSON.stringify(reception.delivery)).toContain('[redacted]')
  })

  // Cut to one byte each, characters above U+00FF would be others.
  it.each([
    ['other characters with the same lower bytes', 'A'.repeat(20), '\u0141'.repeat(20), undefined],
    ['the same characters', 'Zürich-Ł-🎉-and-more', 'Zürich-Ł-🎉-and-more', 'sender'],
    [
      'the bytes of its characters',
      'Zürich-Ł-🎉-and-more',
      Buffer.from('Zürich-Ł-🎉-and-more').toString('latin1'),
      undefined,
    ],
  ])('compares its token by characters: %s', async (_what, secret, shown, trust) => {
    const body = JSON.stringify({ clientState: shown, id: '1', type: 'a' })
    expect((await verdict(tokenInBody(secret), { headers: {}, body })).trust).toBe(trust)
  })
})

describe('a list with an event that cannot be read', () => {
  const queued: string[] = []
  const listed = (describe: () => object) =>
    createReceiver({
      providers: [
        defineProvider({
          name: 'in-body',
          list: true,
          signature: { field: 'clientState', secrets: [TOKEN], readings: [{ algorithm: 'token' }] },
          retries: RULES.retries,
          describe: (payload) => {
            if (payload.id === 'bad') return describe()
            return RULES.describe(payload)
          },
          events: () => ({
            throwing: {
              '~standard': {
                version: 1,
                vendor: 'test',
                validate: (value) => {
                  if ((value as { id: unknown }).id === 'worse') throw new Error('planted failure')
                  return { value }
                },
              },
            },
          }),
        }),
      ],
      handOff: async ({ id, event }) => queued.push(`${id} ${event.type}`),
    })

  it.each([
    ['whose description throws', 'bad', /^in-body:sha256:\S+ unknown$/],
    ['whose schema throws', 'worse', /^in-body:worse unknown$/],
  ])('queues the others, and one %s as unknown', async (_what, id, expected) => {
    queued.length = 0
    const receiver = listed(() => {
      throw new Error('planted failure')
    })
    const item = (id: string) => ({ clientState: TOKEN, type: 'throwing', id })
    const reception = await receive(receiver, {
      headers: {},
      body: JSON.stringify([item('good'), item(id), item('fine')]),
    })
    expect(reception.answer?.status).toBe(200)
    expect(queued).toHaveLength(3)
    expect(queued).toContain('in-body:good throwing')
    expect(queued.filter((line) => expected.test(line))).toHaveLength(1)
  })
})
