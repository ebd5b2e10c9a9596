import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openConsumer } from './consumer.js'
import { attempt, run } from './run.js'

/** A provider of its user, tested by the suite. Its signature does not cover the time, whatever it is said to do. */
const SUITE = (trust: string) => `
  providerSuite({
    name: 'acme',
    provider: (secrets) => defineProvider({
      name: 'acme',
      signature: {
        header: 'x-acme-signature',
        secrets,
        readings: [{ name: 'body', trust: 'body' }],
      },
      retries: { spanMs: 3600000, maxHandlerMs: 60000 },
      describe: ({ id, type }) => ({ id, type }),
      events: () => ({ 'order.paid': z.looseObject({ type: z.literal('order.paid'), id: z.string() }) }),
    }),
    sign: ({ body, secret }) => ({ 'x-acme-signature': createHmac('sha256', secret).update(body).digest('hex') }),
    samples: { 'order.paid': { type: 'order.paid', id: 'evt_1' } },
    trust: '${trust}',
    anotherEvent: (payload) => ({ ...payload, id: 'evt_2' }),
    differences: { noTime: { reason: 'its requests carry no time' } },
  })`

const ESM = `
  import { createHmac } from 'node:crypto'
  import { defineProvider } from '@mailbox-hooks/core'
  import { providerSuite } from '@mailbox-hooks/testing'
  import { z } from 'zod'`

describe('@mailbox-hooks/testing where there is no vitest', () => {
  let folder = ''

  beforeAll(() => {
    folder = openConsumer()
  })

  it('plays a provider, and says that the suites of stores and adapters need vitest', () => {
    writeFileSync(
      join(folder, 'receiver.test.cjs'),
      `const { throws, match } = require('node:assert')
      const { test } = require('node:test')
      const { signedDelivery, storeSuite } = require('@mailbox-hooks/testing')
      test('signs', () => match(signedDelivery('openmail', 'pod.suspended', { secret: 's' }).headers['x-signature'], /^[0-9a-f]{64}$/))
      test('explains', () => throws(() => storeSuite({ name: 'store' }), /storeSuite defines vitest tests/))`,
    )
    expect(run('node', ['--test', '--test-reporter=tap', 'receiver.test.cjs'], folder)).toContain('\n# pass 2\n')
  })

  it('tests a provider in node:test, and finds its faults there', () => {
    writeFileSync(join(folder, 'good.test.mjs'), ESM + SUITE('body'))
    writeFileSync(join(folder, 'bad.test.mjs'), ESM + SUITE('body+timestamp'))
    const tap = (file: string) => attempt('node', ['--test', '--test-reporter=tap', file], folder)
    const good = tap('good.test.mjs')
    expect(good.stdout).toContain('\n# fail 0\n')
    expect(Number(/\n# pass (\d+)\n/.exec(good.stdout)?.[1])).toBeGreaterThan(40)
    const bad = tap('bad.test.mjs')
    expect(bad.status).toBe(1)
    expect(bad.stdout).toContain('not ok')
  })

  it('tests a provider in jest, and finds its faults there', () => {
    const jest = (file: string) =>
      attempt(
        'node',
        ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--json', '--testMatch', `**/${file}`],
        folder,
      )
    const good = JSON.parse(jest('good.test.mjs').stdout)
    expect(good.numPassedTests).toBeGreaterThan(40)
    expect(good.numFailedTests).toBe(0)
    expect(JSON.parse(jest('bad.test.mjs').stdout).numFailedTests).toBeGreaterThan(0)
  })
})
