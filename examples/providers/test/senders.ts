import { createHmac, createPrivateKey, generateKeyPairSync, sign as signByKey } from 'node:crypto'
import type { Provider, Trust } from '@mailbox-hooks/core'
import { emailBison } from '../emailbison.js'
import { emailit } from '../emailit.js'
import { github } from '../github.js'
import { graph } from '../graph.js'
import { instantly } from '../instantly.js'
import { lemlist } from '../lemlist.js'
import { mailgun } from '../mailgun.js'
import { mailgunRoute } from '../mailgun-route.js'
import { mailKite } from '../mailkite.js'
import { nylas } from '../nylas.js'
import type { Options } from '../options.js'
import { postmark } from '../postmark.js'
import { postmarkByUrl } from '../postmark-by-url.js'
import { sendGrid } from '../sendgrid.js'
import { slack } from '../slack.js'
import { smartlead } from '../smartlead.js'
import { stripe } from '../stripe.js'
import { unipileV1, unipileV2 } from '../unipile.js'
import { zapmail } from '../zapmail.js'

export interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly url?: string
}

/** A sender as its documents describe it, made with `node:crypto` alone. */
export interface Sender {
  readonly create: (options: Options) => Provider
  /** Two that the sender may give out, or that you may choose. */
  readonly secrets: readonly [string, string]
  /** The keys that sign for each of these, where they differ from the secrets. */
  readonly signingKeys?: readonly [string, string]
  readonly trust: Trust
  readonly signsTime: boolean
  readonly body: string
  readonly send: (body: string, key: string, seconds: number) => Sent
}

const TEXTS = ['test-signing-secret', 'another-signing-secret'] as const
const PASSWORDS = ['hooks:pass-word-1', 'hooks:pass:word-2'] as const

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex')
const EVENT = '{"id":"evt_1","type":"test"}'

const stripeLike =
  (header: string, version = 'v1', unit = 1) =>
  (body: string, key: string, seconds: number): Sent => {
    const time = seconds * unit
    return { headers: { [header]: `t=${time},${version}=${hmac(key, `${time}.${body}`)}` }, body }
  }

const basic = (body: string, key: string): Sent => ({
  headers: { authorization: `Basic ${Buffer.from(key).toString('base64')}` },
  body,
})

const byUrl = (body: string, key: string): Sent => ({ headers: {}, body, url: `/webhooks?token=${key}` })

function ecKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return {
    shown: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    kept: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
}

const EC = [ecKeys(), ecKeys()] as const

const MAIL = '{"MessageID":"m1","From":"ada@example.com","To":"support@example.com"}'

const TOKEN = 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5'

/** `base` of a sender whose secrets are texts, and that signs body and time. */
const signed = { secrets: TEXTS, trust: 'body+timestamp', signsTime: true, body: EVENT } as const
const token = { trust: 'sender', signsTime: false, body: EVENT } as const

export const SENDERS: Readonly<Record<string, Sender>> = {
  nylas: {
    ...signed,
    create: nylas,
    trust: 'body',
    signsTime: false,
    send: (body, key) => ({ headers: { 'x-nylas-signature': hmac(key, body) }, body }),
  },
  postmark: { ...token, create: postmark, secrets: PASSWORDS, body: MAIL, send: basic },
  'postmark by url': { ...token, create: postmarkByUrl, secrets: TEXTS, send: byUrl },
  mailgun: {
    ...token,
    create: mailgun,
    secrets: TEXTS,
    signsTime: true,
    body: '{"id":"evt_1","event":"delivered","recipient":"ada@example.com"}',
    send: (body, key, seconds) => ({
      headers: {},
      body: JSON.stringify({
        signature: { timestamp: String(seconds), token: TOKEN, signature: hmac(key, `${seconds}${TOKEN}`) },
        'event-data': JSON.parse(body),
      }),
    }),
  },
  'mailgun route': {
    ...token,
    create: mailgunRoute,
    secrets: TEXTS,
    signsTime: true,
    body: 'recipient=support%40example.com&sender=ada%40example.com&subject=Gr%C3%BC%C3%9Fe&Message-Id=%3C1%40x%3E',
    send: (body, key, seconds) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${body}&timestamp=${seconds}&token=${TOKEN}&signature=${hmac(key, `${seconds}${TOKEN}`)}`,
    }),
  },
  'unipile v1': {
    ...token,
    create: unipileV1,
    secrets: TEXTS,
    body: 'event=mail_received&message_id=1',
    send: (body, key) => ({ headers: { 'unipile-auth': key }, body }),
  },
  'unipile v2': { ...signed, create: unipileV2, send: stripeLike('unipile-signature', 'v0') },
  smartlead: {
    ...signed,
    create: smartlead,
    trust: 'body',
    signsTime: false,
    send: (body, key) => ({ headers: { 'x-smartlead-signature': `sha256=${hmac(key, body)}` }, body }),
  },
  instantly: { ...token, create: instantly, secrets: ['user:first-password', 'user:second-password'], send: basic },
  emailbison: { ...token, create: emailBison, secrets: ['first-url-secret', 'second-url-secret'], send: byUrl },
  lemlist: {
    ...token,
    create: lemlist,
    secrets: ['first-body-secret', 'second-body-secret'],
    body: '{"_id":"act_1","type":"emailsReplied"}',
    send: (body, key) => ({ headers: {}, body: JSON.stringify({ ...JSON.parse(body), secret: key }) }),
  },
  zapmail: {
    ...signed,
    create: zapmail,
    secrets: ['whsec_zapmail-one', 'whsec_zapmail-two'],
    send: stripeLike('x-zapmail-signature'),
  },
  stripe: {
    ...signed,
    create: stripe,
    secrets: ['whsec_stripe-one', 'whsec_stripe-two'],
    send: stripeLike('stripe-signature'),
  },
  github: {
    ...signed,
    create: github,
    trust: 'body',
    signsTime: false,
    send: (body, key) => ({ headers: { 'x-hub-signature-256': `sha256=${hmac(key, body)}` }, body }),
  },
  slack: {
    ...signed,
    create: slack,
    send: (body, key, seconds) => ({
      headers: {
        'x-slack-request-timestamp': String(seconds),
        'x-slack-signature': `v0=${hmac(key, `v0:${seconds}:${body}`)}`,
      },
      body,
    }),
  },
  sendgrid: {
    ...signed,
    create: sendGrid,
    secrets: [EC[0].shown, EC[1].shown],
    signingKeys: [EC[0].kept, EC[1].kept],
    body: '[{"email":"ada@example.org","event":"delivered","sg_event_id":"ZXZ0XzE"}]\r\n',
    send: (body, key, seconds) => ({
      headers: {
        'x-twilio-email-event-webhook-timestamp': String(seconds),
        'x-twilio-email-event-webhook-signature': signByKey(
          'sha256',
          Buffer.from(seconds + body),
          createPrivateKey(key),
        ).toString('base64'),
      },
      body,
    }),
  },
  graph: {
    ...token,
    create: graph,
    secrets: ['first-client-state', 'second-client-state'],
    body: '[{"id":"1","changeType":"created","resource":"me/messages"},{"id":"2","changeType":"created"}]',
    send: (body, key) => ({
      headers: {},
      body: JSON.stringify({ value: JSON.parse(body).map((item: object) => ({ ...item, clientState: key })) }),
    }),
  },
  emailit: {
    ...signed,
    create: emailit,
    secrets: ['whsec_emailit-one', 'whsec_emailit-two'],
    body: `[${EVENT}]`,
    send: (body, key, seconds) => ({
      headers: { 'x-emailit-timestamp': String(seconds), 'x-emailit-signature': hmac(key, `${seconds}.${body}`) },
      body,
    }),
  },
  mailkite: { ...signed, create: mailKite, send: stripeLike('mailkite-signature', 'v1', 1000) },
}
