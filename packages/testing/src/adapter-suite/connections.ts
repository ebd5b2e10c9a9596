import { expect, it, onTestFinished } from 'vitest'
import { signedDelivery } from '../signed-delivery.js'
import { titled } from '../titled.js'
import { sendPart } from './client.js'
import { messageReceived, SECRETS, signed } from './deliveries.js'
import type { Start } from './harness.js'
import { connectTo, headOf, type RawConnection } from './raw-connection.js'

const MB = 1_000_000
const body = (bytes: number) => Buffer.alloc(bytes, 'x')

/** A connection that is closed when the test has ended. */
function open(url: string): RawConnection {
  const connection = connectTo(url)
  onTestFinished(() => void connection.socket.destroy())
  return connection
}

const malformed = () => ({ ...signed(messageReceived()).headers, 'x-signature': 'short' })

/** Refusals of the signature: two by the headers alone, one by the body. */
const FORGERIES: readonly { headers: () => Record<string, string>; body: string }[] = [
  { headers: () => ({}), body: '{}' },
  { headers: malformed, body: '{}' },
  { headers: () => signed(messageReceived()).headers, body: '{}' },
]

const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`

/** What becomes of connections: answers arrive, and neither a sender nor a body holds one for ever. */
export function connectionsTests(start: Start): void {
  it.each(
    titled(
      [
        { what: 'of nobody we know', bytes: 3 * MB, headers: () => ({}), status: 401 },
        { what: 'with a malformed signature', bytes: 3 * MB, headers: malformed, status: 401 },
        { what: 'that is too large', bytes: 6 * MB, headers: () => signed('{}').headers, status: 413 },
      ],
      'what',
    ),
  )(
    'gets its refusal through to a sender that reads nothing before it has sent its whole body, %s',
    async ({ bytes, headers, status }) => {
      const { url } = await start()
      const { write, answers, closed } = open(url)
      await write(headOf(url, { ...headers(), 'content-length': bytes }, '1.0'), body(bytes))
      expect(await answers(1)).toContain(` ${status} `)
      expect(await closed).toBe('end')
    },
  )

  it('serves the next delivery of a connection after a large body that it refused, or has said that it closes', async () => {
    const { url, runs } = await start()
    for (const bytes of [300_000, MB, 4 * MB]) {
      const { write, answers, closed } = open(url)
      await write(headOf(url, { 'content-length': bytes }), body(bytes))
      const refused = await answers(1)
      expect(refused).toContain(' 401 ')
      if (/^connection: close/im.test(refused)) {
        expect(await closed).toBe('end')
        continue
      }
      const before = runs.length
      const delivery = signed(messageReceived())
      const length = { 'content-length': Buffer.byteLength(delivery.body) }
      await write(headOf(url, { ...delivery.headers, ...length }), delivery.body)
      expect(await answers(2)).toContain(' 200 ')
      expect(runs).toHaveLength(before + 1)
    }
  })

  it('answers a refused sender whose body does not come, and closes its connection', async () => {
    const { url } = await start()
    const { write, answers, closed } = open(url)
    await write(headOf(url, { 'content-length': 1000 }))
    expect(await answers(1)).toContain(' 401 ')
    await closed
  })

  it.each(['content-length', 'transfer-encoding'] as const)(
    'answers all refusals of the signature with the same bytes, where the request has a %s',
    async (framing) => {
      const { url } = await start()
      const seen = new Set<string>()
      for (const { headers, body } of FORGERIES) {
        const { write, answers } = open(url)
        const [length, bytes] = framing === 'content-length' ? [body.length, body] : ['chunked', chunked(body)]
        await write(headOf(url, { ...headers(), [framing]: length }), bytes)
        seen.add((await answers(1)).replace(/^date: .*$/im, ''))
      }
      expect(seen.size).toBe(1)
    },
  )

  it('asks InboxKit for a delivery again whose upload was cut off, because it takes a 4xx as final', async () => {
    const { url, reported, outcomes } = await start()
    const { headers, body } = signedDelivery('inboxkit', 'mailbox.status_changed', { secret: SECRETS.inboxKit })
    await sendPart(url, headers, body, 40)
    await reported(1)
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'body_aborted', status: 503 }])
  })
}
