import { describe, expect, it } from 'vitest'
import { startExample } from './examples.js'
import { judge } from './play-scenario.js'

describe.each(['express-quickstart', 'koa-quickstart', 'fastify-quickstart', 'hono-fetch'])(
  'mailbox-hooks scenario against examples/%s',
  (example) => {
    it('finds each row right, all scenarios within 40 s', { timeout: 40_000 }, async () => {
      const { code, wrongRows, right, tellsDuplicates } = await judge(await startExample(example))
      expect(wrongRows).toEqual([])
      expect({ code, tellsDuplicates }).toEqual({ code: 0, tellsDuplicates: true })
      expect(right).toBeGreaterThan(60)
    })
  },
)
