import { createHmac } from 'node:crypto'
import { memoryJournal, openMail } from '@mailbox-hooks/core'
import { createJournal, memoryJournalStore } from '@mailbox-hooks/core/journal'
import { sample, signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'
import { fromColdMailReseller, fromOpenMail, SECRETS, setUp } from './set-up.js'

const PASSWORD = 'hvji bvdr eajd pzds'

describe('the list', () => {
  it('has a row for each event and each refusal, the newest first', async () => {
    const { send, client } = await setUp()
    await send(fromOpenMail('evt_1'))
    await send({
      ...fromOpenMail('evt_2'),
      headers: { ...fromOpenMail('evt_2').headers, 'x-signature': 'a'.repeat(64) },
    })
    await send(fromOpenMail('evt_1'))
    expect(await client.rows()).toMatchObject([
      { kind: 'refusal', state: 'refused', code: 'signature_invalid', status: 401, type: 'message.received' },
      { key: 'e:openmail:evt_1', state: 'handled', status: 200, attempts: 2, about: 'ada@example.com' },
    ])
  })

  it('filters by provider, type, state, code and what an event is about', async () => {
    const { send, client } = await setUp()
    await send(fromOpenMail('evt_1'))
    await send(fromColdMailReseller('E1'))
    await send({ ...fromOpenMail('evt_2'), body: '{}' })
    const keys = async (query: string) => (await client.rows(query)).map(({ key }) => key.slice(0, 20))
    expect(await keys('?provider=openmail&state=handled')).toEqual(['e:openmail:evt_1'])
    expect(await keys('?type=mailbox.created')).toEqual(['e:cold-mail-reseller'])
    await send(
      signedDelivery('openmail', 'message.received', {
        secret: SECRETS.openMail,
        body: '{"event":"inbox.exploded","event_id":"e"}',
      }),
    )
    expect(await keys('?type=inbox.exploded')).toEqual(['e:openmail:e'])
    expect(await keys('?about=john@coldmailseller.com')).toEqual(['e:cold-mail-reseller'])
    expect(await keys('?code=signature_invalid')).toHaveLength(1)
    expect(await keys('?state=refused')).toHaveLength(1)
    expect(await keys('?state=refused,handled')).toHaveLength(4)
    expect(await client.status('rows?state=lost')).toBe(400)
    expect(await client.status('rows?limit=0')).toBe(400)
    expect(await client.status('rows?after=nothing')).toBe(400)
  })

  it('pages, with each row once', async () => {
    const { send, client } = await setUp()
    for (let number = 0; number < 5; number++) {
      await send(fromOpenMail(`evt_${number}`))
      await send({ ...fromOpenMail('forged'), body: `{"number":${number}}` })
    }
    const seen: string[] = []
    let after = ''
    do {
      const page = await client.get<{ rows: { key: string }[]; next?: string }>(`rows?limit=2&after=${after}`)
      seen.push(...page.rows.map(({ key }) => key))
      after = page.next ?? ''
    } while (after !== '')
    expect(seen).toHaveLength(10)
    expect(new Set(seen).size).toBe(10)
    expect(seen).toEqual((await client.rows()).map(({ key }) => key))
  })
})

describe('the overview', () => {
  it('says when each provider was last heard of, what was refused, and where replays go', async () => {
    const { send, client, target } = await setUp()
    expect((await client.overview()).target).toBeUndefined()
    await send(fromOpenMail('evt_1'))
    await send({ ...fromOpenMail('evt_2'), body: '{}' })
    const { providers, refusals, types, ...overview } = await client.overview()
    expect(overview).toMatchObject({ target, listens: false })
    expect(providers[0]).toMatchObject({ name: 'openmail', title: 'OpenMail', states: { handled: 1 } })
    expect(providers[0]?.lastReceivedAt).toBeGreaterThan(Date.now() - 60_000)
    expect(providers.map(({ name }) => name)).toEqual(['openmail', 'cold-mail-reseller', 'inboxkit'])
    expect(refusals).toEqual([{ code: 'signature_invalid', count: 1 }])
    expect(types).toContain('mailbox.created')
  })
})

describe('one delivery', () => {
  it('has its steps, its reading, what the signature covers, and no credential', async () => {
    const { send, client } = await setUp()
    await send(fromColdMailReseller('E1'))
    const detail = await client.detail('e:cold-mail-reseller:E1')
    const [attempt] = detail.attempts
    expect(detail).toMatchObject({ trust: 'body', row: { state: 'handled' } })
    expect(attempt).toMatchObject({ kind: 'handled', reading: 'body/hex', secret: 0, status: 200 })
    expect(attempt?.steps?.map(({ name }) => name).join(' ')).toBe(
      'arrived verified recognized claimed handler settled answered',
    )
    const { body, headers, url } = attempt!.request!
    expect(url).toBe('/hooks/in')
    expect(body).toMatchObject({ signed: 'all', isCut: false, credentials: ['data.mailboxDetails.appPassword'] })
    expect(body?.text).toContain('"appPassword":"••••••"')
    expect(body?.hex).toContain('••')
    expect(headers.find(({ name }) => name === 'cmr-x-timestamp')).toMatchObject({ signed: false, masked: false })
    expect(JSON.stringify(detail)).not.toContain(PASSWORD)
    expect(JSON.stringify(detail)).not.toContain(
      Buffer.from(PASSWORD).toString('hex').replaceAll(/(..)/g, '$1 ').trim(),
    )
  })

  it('marks the time as signed where it is, and masks a static token', async () => {
    const { send, client } = await setUp()
    await send(fromOpenMail('evt_1'))
    await send(signedDelivery('inboxkit', 'mailbox.status_changed', { secret: SECRETS.inboxKit }))
    const [inboxKit, mail] = await client.rows()
    const headersOf = async (key: string) => (await client.detail(key)).attempts[0]!.request!.headers
    expect((await headersOf(mail!.key)).filter(({ signed }) => signed).map(({ name }) => name)).toEqual(['x-timestamp'])
    const masked = (await headersOf(inboxKit!.key)).filter((header) => header.masked)
    expect(masked).toMatchObject([{ name: 'x-inboxkit-signature', value: '••••••' }])
    expect((await client.detail(inboxKit!.key)).attempts[0]!.request!.body!.signed).toBe('none')
  })

  it('has the attempts of one event, with the error of the handler and the next attempt of the provider', async () => {
    let runs = 0
    const handle = () => {
      runs++
      if (runs === 1) throw new TypeError('a bug of the handler')
    }
    const { send, client } = await setUp({ handle })
    await send(fromOpenMail('evt_1'))
    const failed = await client.detail('e:openmail:evt_1')
    expect(failed.row).toMatchObject({ state: 'failed', status: 500 })
    expect(failed.attempts[0]?.error).toEqual({ name: 'TypeError', message: 'a bug of the handler' })
    expect(failed.nextAttemptAt).toBeGreaterThan(Date.now())
    await send(fromOpenMail('evt_1'))
    const { attempts, nextAttemptAt } = await client.detail('e:openmail:evt_1')
    expect(attempts.map(({ kind }) => kind)).toEqual(['failed', 'handled'])
    expect(nextAttemptAt).toBeUndefined()
  })

  it('names the places where a payload does not match its schema', async () => {
    const { send, client } = await setUp()
    const payload = { ...sample.openMail['message.received'](), message: 'not an object' }
    await send(
      signedDelivery('openmail', 'message.received', { secret: SECRETS.openMail, body: JSON.stringify(payload) }),
    )
    const [row] = await client.rows()
    expect(row).toMatchObject({ state: 'failed', code: 'payload_invalid', status: 422 })
    expect((await client.detail(row!.key)).issues).toMatchObject([{ path: 'message' }])
  })

  it('is 404 when it is gone, and 400 for what is no key', async () => {
    const { client } = await setUp()
    expect(await client.status('details/e%3Anothing')).toBe(404)
    expect(await client.status('details/nothing')).toBe(400)
    expect(await client.status('details/%zz')).toBe(400)
  })

  it('shows the bytes of the first delivery of a journal in a database', async () => {
    const sealingKeys = [Buffer.alloc(32, 7)]
    const journal = createJournal(memoryJournalStore(), { sealingKeys, refusals: { keep: 10 } }, { owner: 'test' })
    const { send, client } = await setUp({ journal })
    await send(fromColdMailReseller('E1'))
    await send({ ...fromOpenMail('evt_2'), body: '{}' })
    const { attempts, trust } = await client.detail('e:cold-mail-reseller:E1')
    expect(trust).toBe('body')
    expect(attempts[0]!.request!.body!.text).toContain('"appPassword":"••••••"')
    const [refused] = await client.rows('?state=refused')
    expect(refused).toMatchObject({ code: 'signature_invalid', status: 401 })
    expect((await client.detail(refused!.key)).attempts[0]!.request!.body!.text).toBe('{}')
  })
})

describe('why it was refused', () => {
  const spaced = (body: string) => JSON.stringify(JSON.parse(body), null, 2)
  const delivery = () => fromOpenMail('evt_1')
  const cases = [
    [
      're-serialised JSON',
      () => ({ ...delivery(), body: spaced(delivery().body) }),
      /re-serialized|re-serialised|white space/i,
    ],
    ["a newline in the sender's secret", () => withSecret(`${SECRETS.openMail}\n`), /white space|newline|line end/i],
    ["another provider's key", () => withSecret(SECRETS.inboxKit), /another provider|inboxkit/i],
    [
      'an old timestamp',
      () => signedDelivery('openmail', 'message.received', { secret: SECRETS.openMail, at: Date.now() - 900_000 }),
      /old|window|ago/i,
    ],
    ['a doubled header', () => doubled(), /more than once/i],
  ] as const

  it.each(cases)('names %s, and says what to do', async (_title, make, expected) => {
    const { send, client } = await setUp()
    expect(await send(make())).toBe(401)
    const [row] = await client.rows()
    const { diagnosis } = await client.detail(row!.key)
    expect(`${diagnosis?.reason} ${diagnosis?.advice} ${diagnosis?.details.join(' ')}`).toMatch(expected)
    expect(diagnosis?.advice).toBeDefined()
    expect(diagnosis?.details).not.toContainEqual(expect.stringContaining(' 0 s '))
    for (const secret of Object.values(SECRETS)) expect(JSON.stringify(diagnosis)).not.toContain(secret)
  })

  function withSecret(secret: string) {
    const { body } = delivery()
    const time = String(Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    return { body, headers: { 'x-timestamp': time, 'x-signature': signature } }
  }

  function doubled() {
    const { headers, body } = delivery()
    return { body, headers: { ...headers, 'x-signature': `${headers['x-signature']}, ${headers['x-signature']}` } }
  }

  it('says for the headers of nobody that no provider has them', async () => {
    const { send, client } = await setUp()
    await send({ headers: {}, body: '{}' })
    const [row] = await client.rows()
    expect(row).toMatchObject({ code: 'provider_unknown' })
    expect((await client.detail(row!.key)).diagnosis?.reason).toMatch(/header/)
  })
})

describe('credentials', () => {
  it('are revealed one by one, and each time logged', async () => {
    const lines: string[] = []
    const { send, client } = await setUp({ log: (line) => lines.push(line) })
    await send(fromColdMailReseller('E1'))
    const key = 'e:cold-mail-reseller:E1'
    const { body } = await client.post('reveal', { key, attempt: 1, path: 'data.mailboxDetails.appPassword' })
    expect(body).toEqual({ value: expect.stringMatching(/^\w{4} \w{4} \w{4} \w{4}$/) })
    expect(lines).toEqual([expect.stringContaining('"data.mailboxDetails.appPassword"')])
    expect((await client.post('reveal', { key, attempt: 1, path: 'data.mailboxDetails.email' })).status).toBe(404)
    expect((await client.post('reveal', { key, attempt: 1, path: 'header:cmr-x-signature' })).status).toBe(404)
    expect((await client.post('reveal', { key })).status).toBe(400)
    expect(lines).toHaveLength(1)
  })

  it('are revealed in headers, too', async () => {
    const { send, client } = await setUp()
    const sent = signedDelivery('inboxkit', 'mailbox.status_changed', { secret: SECRETS.inboxKit })
    await send(sent)
    const [row] = await client.rows()
    const { body } = await client.post('reveal', { key: row!.key, attempt: 1, path: 'header:x-inboxkit-signature' })
    expect(body).toEqual({ value: sent.headers['x-inboxkit-signature'] })
  })
})

describe('the actions', () => {
  it('replay as it came, sign anew, tamper, age, double and reorder', async () => {
    const { send, client } = await setUp()
    await send(fromOpenMail('evt_1'))
    const answersTo = async (what: string) => {
      const { body } = await client.act({ what, key: 'e:openmail:evt_1' })
      return body.results.map(({ status, body: text }) => `${status} ${text}`)
    }
    const duplicate = '200 {"received":true,"duplicate":true}'
    const received = '200 {"received":true}'
    expect(await answersTo('replay')).toEqual([duplicate])
    expect(await answersTo('resign')).toEqual([duplicate])
    expect(await answersTo('tamper')).toEqual(['401 {"received":false,"error":"signature_invalid"}'])
    expect(await answersTo('stale')).toEqual(['401 {"received":false,"error":"timestamp_invalid"}'])
    const twice = await answersTo('twice')
    expect(twice.filter((answer) => answer === received)).toHaveLength(1)
    expect(twice).toHaveLength(2)
    expect(await answersTo('reorder')).toEqual([received, received])
  })

  it('say why they cannot be done', async () => {
    const { send, client } = await setUp()
    await send({ headers: {}, body: '{}' })
    const [row] = await client.rows()
    const { actions } = await client.detail(row!.key)
    const { disabledBecause } = actions.find(({ name }) => name === 'resign')!
    expect(disabledBecause).toMatch(/body was not kept/)
    expect(await client.act({ what: 'resign', key: row!.key })).toMatchObject({
      status: 409,
      body: { error: disabledBecause },
    })
    expect((await client.act({ what: 'answer', answer: '500' })).status).toBe(409)
    expect((await client.act({ what: 'explode', key: row!.key })).status).toBe(400)
    expect((await client.act({ what: 'replay', key: 'e:gone' })).status).toBe(404)
  })

  it('send a sample of every event that can be signed, a new event each time', async () => {
    const { client, target } = await setUp()
    const catalog =
      await client.get<{ name: string; canSign: boolean; events: { type: string; sample: object }[] }[]>('catalog')
    expect(catalog.filter(({ canSign }) => canSign).map(({ name }) => name)).toEqual([
      ...['cold-mail-reseller', 'inboxkit', 'openmail'],
    ])
    for (const { name, events } of catalog.filter(({ canSign }) => canSign)) {
      for (const { type, sample: payload } of events) {
        for (let time = 0; time < 2; time++) {
          const { body } = await client.act({ what: 'send', provider: name, type, payload, target })
          expect(body.results, `${name} ${type}`).toMatchObject([{ status: 200, body: '{"received":true}' }])
        }
      }
    }
  })

  it('send the fields as they were edited, the id too', async () => {
    const { client, target } = await setUp()
    const payload = { ...sample.openMail['message.received'](), event_id: 'evt_mine' }
    await client.act({ what: 'send', provider: 'openmail', type: 'message.received', payload, target })
    await client.act({ what: 'send', provider: 'openmail', type: 'message.received', payload, target })
    expect(await client.rows()).toMatchObject([{ id: 'openmail:evt_mine', attempts: 2 }])
  })

  it.each([
    'http://example.com/',
    'http://10.0.0.1/',
    'http://127.0.0.1.example.com/',
    'ftp://127.0.0.1/',
    'http://a:b@127.0.0.1/',
    'nothing',
  ])('send nothing to %s', async (target) => {
    const { client, send } = await setUp()
    await send(fromOpenMail('evt_1'))
    expect((await client.act({ what: 'replay', key: 'e:openmail:evt_1', target })).status).toBe(400)
  })

  it('follow no redirect', async () => {
    const { createServer } = await import('node:http')
    const server = createServer((_request, response) =>
      response.writeHead(302, { location: 'http://example.com/' }).end(),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { client, send } = await setUp()
    await send(fromOpenMail('evt_1'))
    const target = `http://127.0.0.1:${(server.address() as { port: number }).port}/`
    const { body } = await client.act({ what: 'replay', key: 'e:openmail:evt_1', target })
    expect(body.results).toMatchObject([{ status: 302 }])
    server.close()
  })
})

describe('a copy', () => {
  it('has the credentials replaced, keeps the rest, and says so', async () => {
    const { send, client } = await setUp()
    await send(fromColdMailReseller('E1'))
    for (const as of ['curl', 'explain', 'vitest']) {
      const path = `copy/${encodeURIComponent('e:cold-mail-reseller:E1')}?as=${as}`
      const { text, note } = await client.get<{ text: string; note: string }>(path)
      expect(text).toContain('xxxx xxxx xxxx xxxx')
      expect(text).toContain('john@coldmailseller.com')
      expect(note).toMatch(/Personal data/)
    }
    expect(await client.status(`copy/${encodeURIComponent('e:cold-mail-reseller:E1')}?as=poem`)).toBe(400)
  })
})

describe('a provider of your own', () => {
  it('is shown, sampled and signed as it is defined', async () => {
    const { standardWebhooks } = await import('@mailbox-hooks/core')
    const { z } = await import('zod')
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
    const events = {
      'order.paid': z.looseObject({
        type: z.literal('order.paid'),
        id: z.string(),
        card: z.object({ pin: z.string() }),
      }),
    }
    const acme = standardWebhooks({ name: 'acme', secrets: [secret], events })
    const { client, target } = await setUp({ providers: [acme, openMail({ secrets: [SECRETS.openMail] })] })
    const { body } = await client.act({ what: 'send', provider: 'acme', type: 'order.paid', target })
    expect(body.results).toMatchObject([{ status: 200 }])
    const [row] = await client.rows()
    const { attempts } = await client.detail(row!.key)
    expect(attempts[0]!.request!.body).toMatchObject({ signed: 'all', credentials: ['card.pin'] })
    const signed = attempts[0]!.request!.headers.filter((header) => header.signed).map(({ name }) => name)
    expect(signed).toEqual(['webhook-id', 'webhook-timestamp'])
    expect((await client.act({ what: 'twice', key: row!.key })).body.results.map(({ status }) => status)).toContain(200)
  })
})

it('shows a journal that was given, and leaves it open', async () => {
  const journal = memoryJournal()
  const { inspector, send } = await setUp({ journal })
  expect(inspector.journal).toBe(journal)
  await send(fromOpenMail('evt_1'))
  await inspector.close()
  expect((await journal.find()).entries).toHaveLength(1)
})
