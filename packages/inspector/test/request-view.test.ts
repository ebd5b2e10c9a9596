import { openMail } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { reveal, viewRequest } from '../src/view/request-view.js'

const PLANTED = 'planted-secret'

const request = (url: string | undefined, ...rawHeaders: readonly string[]) => ({
  method: 'POST',
  url,
  rawHeaders,
  body: Buffer.from('{}'),
  reading: undefined,
})

describe('the query of a request', () => {
  it.each([
    [`/in?api_key=${PLANTED}&b=1`, '/in?api_key=••••••&b=1', 'api_key'],
    [`/in?api%5Fkey=${PLANTED}`, '/in?api%5Fkey=••••••', 'api_key'],
    [`/in?access+token=${PLANTED}`, '/in?access+token=••••••', 'access token'],
    [`/in?token=${PLANTED}==`, '/in?token=••••••', 'token'],
    [`/in?a=?&token=${PLANTED}`, '/in?a=?&token=••••••', 'token'],
  ])('is shown without its credentials: %s', (url, shown, name) => {
    expect(viewRequest(request(url), undefined).url).toBe(shown)
    expect(reveal(request(url), `query:${name}`, undefined)).toContain(PLANTED)
  })

  it.each(['/in', '/in?', '/in?token', '/in?token=', '/in?id=7', '/token=7', undefined])(
    'is shown as it is: %s',
    (url) => {
      expect(viewRequest(request(url), undefined).url).toBe(url)
    },
  )

  it('reveals nothing that is not hidden', () => {
    expect(reveal(request('/in?id=7'), 'query:id', undefined)).toBeUndefined()
    expect(reveal(request('/in'), 'query:token', undefined)).toBeUndefined()
  })
})

describe('the headers of a request', () => {
  const headers = ['X-Signature', 'ab', 'X-Timestamp', '7', 'Authorization', PLANTED, 'X-Id', '1', 'Cookie', '']

  it('are shown without their credentials; a signature over the body is none', () => {
    const { headers: shown } = viewRequest(request('/in', ...headers), openMail({ secrets: ['key'] }))
    expect(shown.map(({ name, value, masked }) => [name, value, masked])).toEqual([
      ['X-Signature', 'ab', false],
      ['X-Timestamp', '7', false],
      ['Authorization', '••••••', true],
      ['X-Id', '1', false],
      ['Cookie', '', false],
    ])
    expect(reveal(request('/in', ...headers), 'header:authorization', openMail({ secrets: ['key'] }))).toBe(PLANTED)
    expect(reveal(request('/in', ...headers), 'header:x-id', openMail({ secrets: ['key'] }))).toBeUndefined()
  })

  it('show no signature of a sender that nobody knows', () => {
    const { headers: shown } = viewRequest(request('/in', 'X-Signature', 'ab'), undefined)
    expect(shown).toMatchObject([{ value: '••••••', masked: true }])
  })
})
