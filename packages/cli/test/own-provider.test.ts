import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineProvider, type Provider, type Secret } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { serve } from '@mailbox-hooks/testing/suites'
import express from 'express'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { DIRECTORY, ROOT, run } from './cli.js'

const SECRET = 'the-secret-of-acme'
const env = { ACME_WEBHOOK_SECRET: SECRET }

const definition = {
  name: 'acme',
  signature: {
    header: 'acme-signature',
    pair: 'v1',
    readings: [{ content: ['time', { text: '.' }, 'body'] }],
  },
  timestamp: { pair: 't', format: 'unix-seconds', maxAgeSeconds: 300, maxAheadSeconds: 300 },
  retries: { spanMs: 3_600_000, maxHandlerMs: 60_000 },
} as const

const create = ({ secrets }: { secrets: readonly Secret[] }): Provider =>
  defineProvider({
    ...definition,
    signature: { ...definition.signature, secrets },
    describe: (payload) => ({ type: payload.type, id: payload.id }),
    events: () => ({
      'order.paid': z.looseObject({ type: z.literal('order.paid'), id: z.string(), amount: z.number() }),
      'order.lost': z.looseObject({ type: z.literal('order.lost'), id: z.string() }),
    }),
  })

/** The same as a user writes it, in a file. */
const SOURCE = `
import { defineProvider } from ${JSON.stringify(pathToFileURL(`${ROOT}packages/core/dist/index.js`).href)}
import { z } from ${JSON.stringify(import.meta.resolve('zod'))}
export default ({ secrets }) => defineProvider({
  ...${JSON.stringify(definition)},
  signature: { ...${JSON.stringify(definition.signature)}, secrets },
  describe: (payload) => ({ type: payload.type, id: payload.id }),
  events: () => ({
    'order.paid': z.looseObject({ type: z.literal('order.paid'), id: z.string(), amount: z.number() }),
    'order.lost': z.looseObject({ type: z.literal('order.lost'), id: z.string() }),
  }),
})
`

const file = join(DIRECTORY, 'acme.mjs')
beforeAll(() => writeFileSync(file, SOURCE))

async function acmeReceiver(): Promise<string> {
  const { url, close } = await serve(
    express().use(webhooks({ providers: [create({ secrets: [SECRET] })] }), (_request, response) => {
      response.json({ received: true })
    }),
  )
  onTestFinished(close)
  return url
}

describe('a provider of your own, by --provider ./acme.mjs', () => {
  it('is sent, with a sample made of its schema', async () => {
    const to = await acmeReceiver()
    const { code, stdout, stderr } = await run(
      ['send', 'order.paid', '--provider', file, '--to', to, '--set', 'amount=3', '--times', '2'],
      { env },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^order\.paid {2}200 .*\{"received":true\}\norder\.paid {2}200 .*"duplicate":true\}\n$/)
    expect((await run(['send', 'order.paid', '--provider', file, '--to', to, '--tamper'], { env })).code).toBe(1)
    expect((await run(['send', 'order.paid', '--provider', file, '--to', to, '--secret', 'another-secret'])).code).toBe(
      1,
    )
  })

  it('plays its events, a forgery and other writings of its JSON', async () => {
    const { code, stdout } = await run(['scenario', '--provider', file, '--to', await acmeReceiver(), '--json'], {
      env,
    })
    const { wrong, rows }: { wrong: number; rows: { scenario: string; event: string }[] } = JSON.parse(stdout)
    expect({ code, wrong }).toEqual({ code: 0, wrong: 0 })
    expect(new Set(rows.map(({ scenario }) => scenario))).toEqual(
      new Set(['acme-events', 'acme-forgery', 'acme-bytes']),
    )
    expect(new Set(rows.map(({ event }) => event))).toEqual(new Set(['order.paid', 'order.lost']))
  })

  it('lists its events, and shows one', async () => {
    const { stdout } = await run(['events', '--provider', file], { env: {} })
    expect(stdout).toContain('acme  secret in ACME_WEBHOOK_SECRET\n  order.paid\n  order.lost\n')
    const { sample } = JSON.parse(
      (await run(['events', 'order.paid', '--provider', file, '--json'], { env: {} })).stdout,
    )
    expect(sample).toEqual({ type: 'order.paid', id: 'text', amount: 1 })
  })

  it('is explained', async () => {
    const body = '{"type":"order.paid"}'
    const args = [
      'explain',
      '--provider',
      file,
      '--body',
      '-',
      '--header',
      `acme-signature: t=1780000000,v1=${'ab'.repeat(32)}`,
    ]
    const { code, stdout } = await run([...args, '--at', '2026-05-28T20:26:40Z'], { env, input: body })
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^acme {2}/) })
  })

  it('is explained where its secret stands in the address or in the body', async () => {
    const places = { query: 'tok', field: 'auth.secret' }
    for (const [place, name] of Object.entries(places)) {
      const path = join(DIRECTORY, `${place}.mjs`)
      const scheme = JSON.stringify({ [place]: name, readings: [{ algorithm: 'token' }] })
      writeFileSync(
        path,
        SOURCE.replace(/signature: \{.*secrets \},/, `timestamp: undefined, signature: { ...${scheme}, secrets },`),
      )
    }
    const explain = async (place: string, ...args: string[]) => {
      const file = join(DIRECTORY, `${place}.mjs`)
      const { stdout, stderr } = await run(['explain', '--provider', file, '--json', ...args], { env })
      expect(stderr).toBe('')
      expect(stdout).not.toContain(SECRET)
      return JSON.parse(stdout)
    }
    const body = join(DIRECTORY, 'body.json')
    writeFileSync(body, JSON.stringify({ auth: { secret: SECRET } }))
    const har = join(DIRECTORY, 'capture.har')
    const url = `http://localhost/in?tok=${SECRET}`
    writeFileSync(har, JSON.stringify({ log: { entries: [{ request: { url, headers: [] } }] } }))
    expect(await explain('query', '--curl', `curl '${url}' -d '{}'`)).toMatchObject({ code: 'accepted' })
    expect(await explain('query', '--har', har)).toMatchObject({ code: 'accepted' })
    expect(await explain('query', '--body', body, '--url', url)).toMatchObject({ code: 'accepted' })
    expect(await explain('query', '--body', body)).toMatchObject({
      message: expect.stringMatching(/query parameter tok/),
    })
    expect(await explain('query', '--body', body, '--url', '/in?tok=x')).toMatchObject({ code: 'none_fits' })
    expect(await explain('field', '--body', body)).toMatchObject({ code: 'accepted' })
  })

  it.each<[string, string, RegExp]>([
    ['that is not there', '', /nothing\.mjs cannot be loaded/],
    ['without a function', 'export const secret = 1', /must export a function that makes the provider/],
    [
      'whose function makes no provider',
      'export default () => ({})',
      /must return a provider, as defineProvider makes it/,
    ],
    ['whose function fails', 'export default () => { throw new Error("no luck") }', /fails: no luck/],
  ])('is a wrong command for a file %s', async (what, source, message) => {
    const other = join(DIRECTORY, source === '' ? 'nothing.mjs' : `${what.replaceAll(' ', '-')}.mjs`)
    if (source !== '') writeFileSync(other, source)
    const { code, stderr } = await run(['events', '--provider', other], { env: {} })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})
