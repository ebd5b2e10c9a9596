import { randomBytes } from 'node:crypto'
import { deliveryPacker, type QueuedDelivery, queuedHandler, SealError } from '@mailbox-hooks/core/queue'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { APP_PASSWORD, mailboxCreated } from './handed-over.js'

const key = (): string => randomBytes(32).toString('base64')
const OLD = key()
const NEW = key()
const { delivery, terms } = await mailboxCreated()

const pack = (...sealingKeys: string[]) => deliveryPacker('test', { sealingKeys })(delivery, terms)

/** Returns the password that the handler gets from a job as it comes out of a queue. */
async function open(packed: unknown, options: Parameters<typeof queuedHandler>[2]): Promise<unknown> {
  let password: unknown
  const handle = queuedHandler(
    'test',
    {
      'mailbox.created': ({ event }) => {
        password = event.payload.data.mailboxDetails.appPassword
      },
    },
    options,
  )
  await handle(JSON.parse(JSON.stringify(packed)))
  return password
}

describe('a sealed delivery', () => {
  it('tells the facts and nothing of the payload', () => {
    const { sealed, ...facts } = pack(NEW) as { sealed: string }
    expect(facts).toEqual({
      format: 1,
      id: 'cold-mail-reseller:evt_1',
      provider: 'cold-mail-reseller',
      type: 'mailbox.created',
      trust: 'body',
      sentAt: '2026-01-01T00:00:00.000Z',
      receivedAt: '2026-01-01T00:00:00.000Z',
    })
    const text = Buffer.from(sealed.split('.')[1]!, 'base64url').toString('latin1') + sealed
    for (const secret of [APP_PASSWORD, 'john@coldmailseller.com', 'mailboxDetails']) expect(text).not.toContain(secret)
  })

  it('opens with the key that sealed it, wherever that stands in the list', async () => {
    const packed = pack(OLD)
    expect(await open(packed, { sealingKeys: [OLD] })).toBe(APP_PASSWORD)
    expect(await open(packed, { sealingKeys: [NEW, OLD] })).toBe(APP_PASSWORD)
    // The first one seals.
    await expect(open(pack(NEW, OLD), { sealingKeys: [OLD] })).rejects.toThrow(SealError)
  })

  it('takes keys as bytes and as either kind of base64', async () => {
    const bytes = Buffer.from(OLD, 'base64')
    for (const same of [bytes, new Uint8Array(bytes), bytes.toString('base64url')]) {
      expect(await open(pack(OLD), { sealingKeys: [same] })).toBe(APP_PASSWORD)
    }
  })

  it('names the key that is missing without telling it', async () => {
    const packed = pack(OLD) as { sealed: string }
    const id = packed.sealed.split('.')[0]!
    await expect(open(packed, { sealingKeys: [NEW] })).rejects.toThrow(`the key "${id}": add that key`)
    expect(OLD).not.toContain(id)
  })

  it('is never sealed twice alike', () => {
    expect(pack(OLD)).not.toEqual(pack(OLD))
  })

  it('does not open when one byte is changed, or cut off', async () => {
    const packed = pack(OLD) as { sealed: string }
    const [id, content] = packed.sealed.split('.') as [string, string]
    const bytes = Buffer.from(content, 'base64url')
    const opens = (changed: Uint8Array) =>
      open({ ...packed, sealed: `${id}.${Buffer.from(changed).toString('base64url')}` }, { sealingKeys: [OLD] })
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Uint8Array.from(bytes)
        changed[at]! ^= change
        await expect(opens(changed)).rejects.toThrow('It was changed')
        await expect(opens(bytes.subarray(0, at))).rejects.toThrow('It was changed')
      }),
    )
  })

  it('does not open under the facts of another delivery', async () => {
    const others = {
      id: 'cold-mail-reseller:evt_2',
      provider: 'openmail',
      account: 'eu',
      type: 'mailbox.updated',
      trust: 'body+timestamp',
      sentAt: '2026-01-02T00:00:00.000Z',
      receivedAt: '2026-01-02T00:00:00.000Z',
      attempt: 2,
    }
    for (const [name, value] of Object.entries(others)) {
      const moved = { ...pack(OLD), [name]: value }
      await expect(open(moved, { sealingKeys: [OLD] }), name).rejects.toThrow('belongs to another delivery')
    }
  })

  it('opens whatever the order in which a database keeps its fields', async () => {
    const reversed = Object.fromEntries(Object.entries(pack(OLD)).reverse())
    expect(await open(reversed, { sealingKeys: [OLD] })).toBe(APP_PASSWORD)
  })

  it('does not open where there are no keys', async () => {
    await expect(open(pack(OLD), { plaintext: true })).rejects.toThrow('there are no sealingKeys')
  })
})

describe('a delivery in plain text', () => {
  const plain = deliveryPacker('test', { plaintext: true })(delivery, terms)

  it('is what plaintext: true asks for', async () => {
    expect(JSON.stringify(plain)).toContain(APP_PASSWORD)
    expect(await open(plain, { plaintext: true })).toBe(APP_PASSWORD)
  })

  it('is refused with sealing keys, because anyone with access to the queue could forge it', async () => {
    await expect(open(plain, { sealingKeys: [OLD] })).rejects.toThrow('It is not sealed')
  })

  it('is taken beside sealed ones while an application begins to seal', async () => {
    const both = { sealingKeys: [OLD], plaintext: true }
    expect(await open(plain, both)).toBe(APP_PASSWORD)
    expect(deliveryPacker('test', both)(delivery, terms)).toHaveProperty('sealed')
  })
})

describe('what is no delivery', () => {
  it.each([undefined, null, 'text', 7, [], {}, { format: 2 }, { format: 1 }, { format: 1, sealed: 7 }])(
    'does not open: %j',
    async (packed) => {
      const handle = queuedHandler('test', {}, { sealingKeys: [OLD] })
      await expect(handle(packed)).rejects.toThrow(SealError)
    },
  )

  // A job of a newer version says so, so that the operator updates the worker first.
  it('says which format it has, where that is newer than this version', async () => {
    const handle = queuedHandler('test', {}, { sealingKeys: [OLD] })
    const newer = { ...(pack(OLD) as object), format: 9 }
    await expect(handle(newer)).rejects.toThrow('It has format 9, and this version reads format 1.')
  })

  it('is told from a job without its payload', async () => {
    const { sealed: _, ...rest } = pack(OLD) as { sealed?: string }
    const handle = queuedHandler('test', {}, { sealingKeys: [OLD] })
    await expect(handle(rest)).rejects.toMatchObject({ name: 'SealError', message: 'It holds no delivery.' })
  })
})

describe('at start', () => {
  const create = (options: unknown) => () => deliveryPacker('bullmqHandOff', options as { plaintext: true })
  it.each([
    ['neither keys nor plaintext', {}, /^bullmqHandOff: payloads contain passwords.*sealingKeys.*plaintext: true/],
    ['plaintext: false', { plaintext: false }, /pass sealingKeys/i],
    ['plaintext by a text', { plaintext: 'yes' }, /plaintext must be true or false/],
    ['an empty list', { sealingKeys: [] }, /pass sealingKeys/i],
    ['an empty list beside plaintext', { sealingKeys: [], plaintext: true }, /pass sealingKeys/i],
    ['one key without a list', { sealingKeys: OLD }, /pass sealingKeys/i],
    ['a variable that is not set', { sealingKeys: [OLD, undefined] }, /sealingKeys\[1\] is undefined/],
    ['a password instead of a key', { sealingKeys: ['hunter2'] }, /sealingKeys\[0\] must have 32 bytes, not 5/],
    ['hexadecimal digits', { sealingKeys: [randomBytes(32).toString('hex')] }, /must have 32 bytes, not 48/],
    ['a key with a stray line end', { sealingKeys: [`${OLD}\n`] }, /sealingKeys\[0\] is not base64/],
    ['a key with a character in front', { sealingKeys: [`:${OLD}`] }, /sealingKeys\[0\] is not base64/],
    [
      'a placeholder',
      { sealingKeys: [['$', '{SEALING_KEY}'].join('')] },
      /sealingKeys\[0\] (?!is not base64|must have)/,
    ],
    ['the text of an unset variable', { sealingKeys: ['undefined'] }, /sealingKeys\[0\] (?!is not base64|must have)/],
    ['null', { sealingKeys: [null] }, /sealingKeys\[0\] is undefined/],
    ['a short key', { sealingKeys: [randomBytes(16)] }, /must have 32 bytes, not 16/],
    ['a number', { sealingKeys: [7] }, /must be 32 bytes or their base64 text/],
  ])('%s is refused', (_what, options, message) => {
    expect(create(options)).toThrow(TypeError)
    expect(create(options)).toThrow(message)
  })

  it('no message tells a key', () => {
    expect(create({ sealingKeys: ['hunter2'] })).not.toThrow(/hunter2/)
  })
})

/** A job that version 1 of the format packed, under a key of 32 bytes of 7. */
const OF_YESTERDAY = {
  format: 1,
  id: 'openmail@eu:evt_1',
  provider: 'openmail',
  account: 'eu',
  type: 'message.received',
  trust: 'body+timestamp',
  sentAt: '2026-01-01T00:00:00.000Z',
  receivedAt: '2026-01-01T00:00:00.000Z',
  sealed:
    '6acad398bb355896.xaf7sA_3SiUrg79Mn0gdwpnEW57yhb2CkYrLOeDhmKZ_ixII6plMvzFqyMfrwkapOoCZQD3-MJgo6knYy17' +
    'tiEqNusRS70CambZaZrAQWbsHAv9Kf-rnQaQCL8PtSKr-eIsBfLb9SY3RWevoILibRoiD_uBKOc2yH_VIXgi0tCQoM767cZ-xGGh' +
    'dI_L7zFaoU4iAl6VJIAcK8Leg95_wOyC4Mv_rdR5w00tRg9xBTG4wgEkNXbBCkqooU-H3oC4zaTK1qYTal1cDDwWFdaPFNdUUnP-' +
    '0TGQ3iUQYUgAsz_iKVrYxhASivyY6jqX2JRRuJ9xZ2mV_9Mdh7yDgyeMMXAHTSGj4_xiZdQZcWeZRPNAdenzm9GunRPymYs2H1UL' +
    'Z9Q4uGbEjMVhcP2gZ2etmEizawQRAf6XTS_SsG-bqnZT5dJ8U37sART7ivf5XQrwikPB61cqXSQH_T723PumlaGHuL06Hx76VRrS' +
    '0jDJnafdx2blTCA9Us7z67Q_fmCF3Sw2ge3xWWaAYjN3eailPeB8o9L3OBaYqEnhCXhnfcD2wF12C2sWso5MWnEzXLGIwATDrcYt' +
    'n030qws9A9XwisLaJcZrREy9TwJ8q3gMQMNZzsQL9ki57Ag',
}

// Jobs wait while the worker is deployed, and a rollback reads them with the version before.
it('a job of an earlier release opens as long as its format is known', async () => {
  const seen: unknown[] = []
  const sealingKeys = [new Uint8Array(32).fill(7)]
  const handle = queuedHandler(
    'test',
    { otherwise: (delivery: QueuedDelivery) => void seen.push(delivery) },
    { sealingKeys },
  )
  await handle(OF_YESTERDAY)
  expect(seen).toMatchObject([{ id: 'openmail@eu:evt_1', event: { type: 'message.received', entity: 'i' } }])
  await expect(handle({ ...OF_YESTERDAY, format: 2 })).rejects.toThrow(
    'It has format 2, and this version reads format 1.',
  )
})
