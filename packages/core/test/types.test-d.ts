// Checked by `npm run types`: what a user sees of the types.
import {
  coldMailReseller,
  createReceiver,
  type Delivery,
  type DeliveryOf,
  defineProvider,
  dispatch,
  type EventOf,
  inboxKit,
  type JsonObject,
  type OpenMailEvents,
  openMail,
  type PayloadsOf,
  type Provider,
  standardWebhooks,
  type UnknownEvent,
} from '@mailbox-hooks/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'

const secrets = ['key']
const cmr = coldMailReseller({ secrets })
const kit = inboxKit({ secrets })
const mail = openMail({ secrets })
const acme = defineProvider({
  name: 'acme',
  signature: { header: 'x-acme', secrets, readings: [{ name: 'body', trust: 'body' }] },
  retries: { spanMs: 60_000, maxHandlerMs: 10_000 },
  describe: () => ({}),
  events: () => ({ 'order.paid': z.looseObject({ amount: z.number() }) }),
})

type BuiltIn = DeliveryOf<typeof cmr | typeof kit | typeof mail>

it('narrows each event by its type, to nothing after the last', () => {
  const narrow = ({ event }: DeliveryOf<typeof mail | typeof acme>) => {
    switch (event.type) {
      case 'message.received':
        expectTypeOf(event.payload.message.from).toEqualTypeOf<string>()
        expectTypeOf(event.payload.message.subject).toEqualTypeOf<string | null | undefined>()
        expectTypeOf(event.known).toEqualTypeOf<true>()
        break
      case 'inbox.suspended':
      case 'inbox.reactivated':
      case 'pod.suspended':
      case 'pod.reactivated':
        expectTypeOf(event.payload.occurred_at).toEqualTypeOf<string>()
        break
      case 'order.paid':
        expectTypeOf(event.payload.amount).toEqualTypeOf<number>()
        break
      case 'unknown':
        expectTypeOf(event).toEqualTypeOf<UnknownEvent>()
        expectTypeOf(event.payload).toEqualTypeOf<unknown>()
        break
      default:
        expectTypeOf(event).toEqualTypeOf<never>()
    }
  }
  expectTypeOf(narrow).toBeFunction()
})

it('types credentials and open enums', () => {
  const narrow = ({ event }: BuiltIn) => {
    if (event.type === 'mailbox.created') {
      const { mailboxDetails, workspaceType } = event.payload.data
      expectTypeOf(mailboxDetails.password).toEqualTypeOf<string | undefined>()
      expectTypeOf(mailboxDetails.appPassword).toEqualTypeOf<string | undefined>()
      expectTypeOf(workspaceType).toEqualTypeOf<'GOOGLE' | 'MICROSOFT' | (string & {})>()
    }
    if (event.type === 'prewarmup.order.success') {
      const mailbox = event.payload.data.mailboxDetails[0]!.preWarmedUpMailboxes[0]!
      expectTypeOf(mailbox.authenticatorSecret).toEqualTypeOf<string | undefined>()
    }
    // @ts-expect-error no provider sends that
    if (event.type === 'mailbox.exploded') return
  }
  expectTypeOf(narrow).toBeFunction()
})

it('refuses a misspelt field, also where anything is accepted', () => {
  const read = ({ event }: BuiltIn) => {
    if (event.type === 'message.received') {
      // @ts-expect-error from
      console.log(event.payload.message.form)
      // @ts-expect-error attachments
      console.log(event.payload.message.attachments?.[0]?.fileName)
      // @ts-expect-error message
      console.log(event.payload.mesage)
    }
    if (event.type === 'mailbox.created') {
      // @ts-expect-error email
      console.log(event.payload.data.mailboxDetails.emial)
    }
    if (event.type === 'prewarmup.order.success') {
      // @ts-expect-error preWarmedUpMailboxes
      console.log(event.payload.data.mailboxDetails[0]?.prewarmedUpMailboxes)
    }
    // @ts-expect-error payload
    console.log(event.paylaod)
  }
  expectTypeOf(read).toBeFunction()
})

it('lets a cast reach a field that no schema names', () => {
  const read = ({ event }: BuiltIn) => {
    if (event.type !== 'message.received') return
    expectTypeOf((event.payload as { extra?: number }).extra).toEqualTypeOf<number | undefined>()
    expectTypeOf((event.payload.message as JsonObject).extra).toEqualTypeOf<unknown>()
    expectTypeOf(event.payload).toExtend<JsonObject>()
  }
  expectTypeOf(read).toBeFunction()
})

it('knows no event of a provider without schemas', () => {
  const sender = standardWebhooks({ name: 'sender', secrets })
  expectTypeOf<DeliveryOf<typeof sender>['event']>().toEqualTypeOf<UnknownEvent>()
})

it('names each payload by its provider and type', () => {
  expectTypeOf<OpenMailEvents['message.received']['message']['from']>().toEqualTypeOf<string>()
  expectTypeOf<EventOf<'message.received', OpenMailEvents>>().toEqualTypeOf<
    Extract<DeliveryOf<typeof mail>['event'], { type: 'message.received' }>
  >()
})

it('names the fields of a schema of any library, and keeps records, lists and literals', () => {
  type Schemas = {
    loose: StandardSchemaV1<{
      id: string
      items: { sku: string; [extra: string]: unknown }[]
      [extra: string]: unknown
    }>
    joined: StandardSchemaV1<{ id: string } & { [extra: string]: unknown }>
    records: StandardSchemaV1<{ counts: Record<string, number>; notes: Record<string, unknown> }>
    closed: StandardSchemaV1<{ pair: readonly [1, 'a' | (string & {})]; maybe?: { at: string } | null }>
    anything: StandardSchemaV1<unknown>
  }
  type Payloads = PayloadsOf<Schemas>
  expectTypeOf<Payloads['loose']>().toEqualTypeOf<{ id: string; items: { sku: string }[] }>()
  expectTypeOf<Payloads['joined']>().toEqualTypeOf<{ id: string }>()
  expectTypeOf<Payloads['records']>().toEqualTypeOf<{
    counts: Record<string, number>
    notes: Record<string, unknown>
  }>()
  expectTypeOf<Payloads['closed']>().toEqualTypeOf<{
    pair: readonly [1, 'a' | (string & {})]
    maybe?: { at: string } | null
  }>()
  expectTypeOf<Payloads['anything']>().toEqualTypeOf<unknown>()
})

it('narrows a delivery of any provider by the type unknown', () => {
  const narrow = ({ event }: Delivery) => {
    if (event.type === 'unknown') {
      expectTypeOf(event).toEqualTypeOf<UnknownEvent>()
    } else {
      expectTypeOf(event.known).toEqualTypeOf<true>()
    }
    if (event.type === 'message.received') expectTypeOf(event.payload).toEqualTypeOf<unknown>()
  }
  expectTypeOf(narrow).toBeFunction()
  expectTypeOf<BuiltIn>().toExtend<Delivery>()
  expectTypeOf<DeliveryOf<typeof acme>>().toExtend<Delivery>()
  expectTypeOf<DeliveryOf<Provider>>().toEqualTypeOf<Delivery>()
  const anyProvider = (delivery: Delivery) =>
    dispatch(delivery, {
      'message.received': ({ event }) => event.payload,
      otherwise: ({ event }) => event.payload,
    })
  expectTypeOf(anyProvider).returns.toEqualTypeOf<unknown>()
})

it('narrows the event by the provider, too', () => {
  const narrow = (delivery: BuiltIn) => {
    if (delivery.provider === 'inboxkit') {
      expectTypeOf(delivery.event.type).toEqualTypeOf<
        | 'mailbox.status_changed'
        | 'domain.status_changed'
        | 'consent_request.status_changed'
        | 'client_id_request.status_changed'
        | 'unknown'
      >()
    }
  }
  expectTypeOf(narrow).toBeFunction()
})

it('keeps the providers of two receivers apart', () => {
  const mails = createReceiver({ providers: [mail] })
  const orders = createReceiver({ providers: [acme] })
  type Of<R> = R extends { receive(request: never): Promise<infer T> }
    ? Extract<T, { delivery: unknown }>['delivery']
    : never
  expectTypeOf<Of<typeof mails>['provider']>().toEqualTypeOf<'openmail'>()
  expectTypeOf<Of<typeof orders>['event']['type']>().toEqualTypeOf<'order.paid' | 'unknown'>()
})

it('narrows the delivery that dispatch hands to each function', () => {
  const handle = (delivery: DeliveryOf<typeof mail | typeof acme>) =>
    dispatch(delivery, {
      'message.received': async ({ event, provider }) => {
        expectTypeOf(event.payload.thread_id).toEqualTypeOf<string>()
        expectTypeOf(provider).toEqualTypeOf<'openmail'>()
      },
      'order.paid': async ({ event }) => {
        expectTypeOf(event.payload.amount).toEqualTypeOf<number>()
      },
      otherwise: async (other) => {
        expectTypeOf(other.event.known).toEqualTypeOf<boolean>()
      },
    })
  expectTypeOf(handle).returns.toEqualTypeOf<Promise<void> | undefined>()
  const misspelt = (delivery: DeliveryOf<typeof mail>) =>
    // @ts-expect-error a type that the provider does not send
    dispatch(delivery, { 'message.recieved': async () => {} })
  expectTypeOf(misspelt).toBeFunction()
})

it('takes secrets as the environment gives them, and options that are undefined', () => {
  openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET], account: undefined })
  createReceiver({ providers: [mail], maxHandlerMs: undefined })
  expectTypeOf<Delivery['id']>().toEqualTypeOf<string>()
})
