import { join } from 'node:path'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it, vi } from 'vitest'
import { LAMBDA_EVENTS, listsOf } from '../hosts/lambda-events.js'
import { codeBlocks, REPOSITORY } from './code-blocks.js'
import { writeBlocks } from './compile-blocks.js'

const SECRET = 'openmail-secret'
vi.stubEnv('OPENMAIL_WEBHOOK_SECRET', SECRET)

const files = writeBlocks(codeBlocks('docs/runtimes/aws-lambda.md'), join(REPOSITORY, 'test/tmp-recipes-lambda'))
const { handler } = await import(files.find(({ path }) => path.endsWith('/lambda.ts'))!.path)

const NEW = '200 {"received":"unknown"}'
const DUPLICATE = '200 {"received":true,"duplicate":true}'
const FORGED = '401 {"received":false,"error":"signature_invalid"}'

function signed(eventId: string) {
  const body = JSON.stringify({ event: 'of.no.known.type', event_id: eventId, note: 'größer' })
  return signedDelivery('openmail', 'message.received', { secret: SECRET, body })
}

describe.each(Object.entries(LAMBDA_EVENTS))('the recipe for AWS Lambda behind %s', (name, eventOf) => {
  const answered = async (event: object) => {
    const { statusCode, headers, multiValueHeaders, body } = await handler(event)
    const isInLists = 'multiValueHeaders' in event && event.multiValueHeaders !== null
    const [type] = isInLists ? multiValueHeaders['content-type'] : [headers['content-type']]
    expect(type).toMatch(/^application\/json/)
    return `${statusCode} ${body}`
  }
  const post = (id: string, changedHeaders = {}) => {
    const { headers, body } = signed(`evt_${id}_${name}`)
    return eventOf({ ...headers, ...changedHeaders }, body, false)
  }

  it('handles a body that comes as text or as base64, once', async () => {
    const { headers, body } = signed(`evt_${name}`)
    expect(await answered(eventOf(headers, body, false))).toBe(NEW)
    expect(await answered(eventOf(headers, Buffer.from(body).toString('base64'), true))).toBe(DUPLICATE)
  })

  it.each(['//', '/%', '', '/☃', 'http://[/'])('does not mind the path %o', async (path) => {
    const event = post(`path_${encodeURIComponent(path)}`)
    const { requestContext } = event
    const http = 'http' in requestContext ? { http: { ...requestContext.http, path } } : {}
    expect(await answered({ ...event, path, rawPath: path, requestContext: { ...requestContext, ...http } })).toBe(NEW)
  })

  it.each(['TRACE', 'CONNECT', 'TRACK', 'GET', 'HEAD', 'PUT', 'no method', ''])(
    'refuses the method %o',
    async (method) => {
      const event = post('method')
      const changed =
        'httpMethod' in event
          ? { ...event, httpMethod: method }
          : { ...event, requestContext: { http: { ...event.requestContext.http, method } } }
      expect(await answered(changed)).toBe('405 {"received":false,"error":"method_not_allowed"}')
    },
  )

  it.each([{ '☃': '1' }, { 'x-signature': '☃' }, { 'x-signature': 'a\nb' }, { 'x note': '1' }, { '': '1' }])(
    'refuses a header that HTTP does not know: %o',
    async (strange) => {
      expect(await answered(post('header', strange))).toBe(FORGED)
    },
  )

  it('refuses a request with neither headers nor body', async () => {
    const event = { ...post('bare'), body: null }
    expect(
      await answered({ ...event, headers: undefined, ...('multiValueHeaders' in event && { multiValueHeaders: {} }) }),
    ).toBe(FORGED)
    expect(await answered({ ...event, headers: null, multiValueHeaders: null })).toBe(FORGED)
  })
})

describe('the recipe for AWS Lambda', () => {
  it('refuses a signature that is there twice, where the event tells', async () => {
    const { headers, body } = signed('evt_lambda_twice')
    const lists = { ...listsOf(headers), 'x-signature': [headers['x-signature'], headers['x-signature']] }
    const event = { httpMethod: 'POST', headers, multiValueHeaders: lists, body, isBase64Encoded: false }
    expect((await handler(event)).statusCode).toBe(401)
  })
})
