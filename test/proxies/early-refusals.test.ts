import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sending, send } from '../../packages/testing/src/adapter-suite/client.js'
import { messageReceived, signed } from '../../packages/testing/src/adapter-suite/deliveries.js'
import { titled } from '../../packages/testing/src/titled.js'
import { FRAMEWORKS } from '../servers/frameworks.js'
import type { PrivateServer } from './private-server.js'
import { PROXIES } from './proxies.js'

const SIZES = [50_000, 300_000, 1_000_000, 3_000_000, 4_900_000]
const OVER_THE_LIMIT = 6_000_000
const AT_ONCE = 5

interface Refusal {
  readonly answer: string
  readonly sending: (bytes: number) => Sending
}

const headersOf = () => signed(messageReceived()).headers
const body = (bytes: number) => Buffer.alloc(bytes, 'x')
const refused = (status: number, error: string) => `${status} ${JSON.stringify({ received: false, error })}`

/** All that is decided before the body is read. */
const REFUSALS: readonly Refusal[] = [
  { answer: refused(401, 'signature_invalid'), sending: (bytes) => ({ body: body(bytes) }) },
  {
    answer: refused(401, 'signature_invalid'),
    sending: (bytes) => ({ headers: { ...headersOf(), 'x-signature': 'short' }, body: body(bytes) }),
  },
  {
    answer: refused(401, 'timestamp_invalid'),
    sending: (bytes) => ({ headers: { ...headersOf(), 'x-timestamp': '1' }, body: body(bytes) }),
  },
  {
    answer: refused(415, 'encoding_unsupported'),
    sending: (bytes) => ({ headers: { ...headersOf(), 'content-encoding': 'gzip' }, body: body(bytes) }),
  },
]

const TOO_LARGE: Refusal = {
  answer: refused(413, 'body_too_large'),
  sending: (bytes) => ({ headers: headersOf(), body: body(bytes) }),
}

/** How often each refusal is asked for: 25 requests in all, or 100. */
const TIMES = process.env.LONG_TESTS ? 4 : 1

const CASES: readonly (Refusal & { bytes: number })[] = [
  ...SIZES.flatMap((bytes) => REFUSALS.flatMap((refusal) => Array(TIMES).fill({ ...refusal, bytes }))),
  ...Array(TIMES * 5).fill({ ...TOO_LARGE, bytes: OVER_THE_LIMIT }),
]

for (const proxy of PROXIES) {
  describe.each(titled(FRAMEWORKS, 'name'))(`%s behind ${proxy.name}`, { skip: proxy.skip }, ({ start }) => {
    let url: string
    let server: PrivateServer
    beforeAll(async () => {
      const receiver = await start()
      server = await proxy.start(Number(new URL(receiver.url).port))
      url = `http://127.0.0.1:${server.port}/webhooks`
      return () => receiver.close()
    })
    afterAll(() => server.stop())

    it('answers each request that it refuses before it reads its body', { timeout: 60_000 }, async () => {
      const waiting = [...CASES]
      const wrong: string[] = []
      const work = async () => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
          const seen = await send(url, next.sending(next.bytes)).then(
            ({ status, text }) => `${status} ${text}`,
            (error) => String(error),
          )
          if (seen !== next.answer) wrong.push(`${next.bytes}: ${seen.slice(0, 80)}`)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      expect(CASES).toHaveLength(25 * TIMES)
      expect(wrong).toEqual([])
    })

    it('handles a delivery', async () => {
      expect((await send(url, signed(messageReceived()))).text).toBe('{"handled":true}')
    })
  })
}
