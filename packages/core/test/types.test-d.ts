// Checked by `npm run types`: what a user sees of the types.
import {
  coldMailReseller,
  createReceiver,
  type Delivery,
  type DeliveryOf,
  defineProvider,
  dispatch,
  inboxKit,
  openMail,
  type UnknownEvent,
} from '@mailbox-hooks/core'
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
      // @ts-expect-error a field that no document knows is there, but nothing is known of it
      mailboxDetails.unheardOf.toUpperCase()
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
