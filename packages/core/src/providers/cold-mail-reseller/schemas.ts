import { z } from 'zod'
import { listOf } from '../list-of.js'
import { openEnum } from '../open-enum.js'

/**
 * Returns the schemas. A field is required if every documented version and example of its event has it. Times are texts,
 * with or without milliseconds. Newer documents show events without `eventId`, and with `eventType` instead of `event`.
 */
export const coldMailResellerSchemas = () => {
  const text = z.string()
  const number = z.number()
  const workspace = openEnum('GOOGLE', 'MICROSOFT')

  const event = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
    z.looseObject({
      event: z.literal(type).optional(),
      eventType: z.literal(type).optional(),
      eventId: text.optional(),
      data,
    })

  const user = { userId: text, userEmail: text }

  const subscription = z.looseObject({
    ...user,
    subscriptionId: text,
    workspaceType: workspace,
    quantity: number,
    domainId: text.optional(),
    domain: text.optional(),
    periodStart: text.optional(),
    periodEnd: text.optional(),
    autoRenew: z.boolean().optional(),
    description: text.optional(),
    subscriptionStatus: text.optional(),
  })

  return {
    // Two shapes are documented, flat fields and a list of domains. They share only the order.
    'domain.order.success': event(
      'domain.order.success',
      z.looseObject({
        userId: text.optional(),
        userEmail: text.optional(),
        orderId: text.optional(),
        domainId: text.optional(),
        domainName: text.optional(),
        creationTime: text.optional(),
        expiryDate: text.optional(),
        price: number.optional(),
        actionId: text.optional(),
        domains: listOf(z.looseObject({ domain: text, status: text })).optional(),
      }),
    ),

    // No document shows its fields.
    'domain.order.failed': event(
      'domain.order.failed',
      z.looseObject({
        userId: text.optional(),
        userEmail: text.optional(),
        orderId: text.optional(),
        domainId: text.optional(),
        domainName: text.optional(),
        domain: text.optional(),
        reason: text.optional(),
        price: number.optional(),
        actionId: text.optional(),
      }),
    ),

    'mailbox.order.success': event(
      'mailbox.order.success',
      z.looseObject({
        ...user,
        domainId: text,
        domainName: text,
        subscriptionId: text,
        orderId: text,
        workspaceType: workspace,
        creationTime: text,
        expiryDate: text,
        price: number,
        quantity: number,
      }),
    ),

    'mailbox.order.failed': event(
      'mailbox.order.failed',
      z.looseObject({
        ...user,
        orderId: text,
        subscriptionId: text,
        domain: text,
        workspaceType: workspace,
        /** One sample mailbox of the order. `email` is the part before the @. */
        mailboxDetails: z.looseObject({ firstName: text, lastName: text, email: text }),
        price: number,
        quantity: number,
        reason: text,
      }),
    ),

    'mailbox.created': event(
      'mailbox.created',
      z.looseObject({
        ...user,
        domain: text,
        subscriptionId: text,
        orderId: text,
        workspaceType: workspace,
        finalUrl: text.optional(),
        mailboxDetails: z.looseObject({
          mailboxId: text,
          firstName: text,
          lastName: text,
          email: text,
          /** Google only. The spaces in it belong to the password. */
          appPassword: text.optional(),
          /** Microsoft only. */
          password: text.optional(),
          isAdmin: z.boolean().optional(),
          creationTime: text,
          expiryDate: text,
        }),
        price: number,
      }),
    ),

    'mailbox.updated': event(
      'mailbox.updated',
      z.looseObject({
        ...user,
        mailboxId: text,
        domain: text,
        email: text,
        workspaceType: workspace,
        /** The changed fields only, with their new values. */
        updatedFields: z.looseObject({
          firstName: text.optional(),
          lastName: text.optional(),
          userName: text.optional(),
          profilePicture: text.optional(),
        }),
      }),
    ),

    'subscription.renewal.success': event('subscription.renewal.success', subscription),
    'subscription.renewal.failed': event('subscription.renewal.failed', subscription),
    'subscription.cancelled': event('subscription.cancelled', subscription),

    'prewarmup.order.success': event(
      'prewarmup.order.success',
      z.looseObject({
        ...user,
        orderId: text,
        serviceProvider: workspace,
        mailboxDetails: listOf(
          z.looseObject({
            domain: text,
            subscriptionId: text,
            preWarmedUpMailboxes: listOf(
              z.looseObject({
                mailboxId: text,
                email: text,
                firstName: text,
                lastName: text,
                profilePicture: text,
                // The only example is of Google and has all three. No document says which of them Microsoft has.
                password: text.optional(),
                appPassword: text.optional(),
                /** The seed of the second factor, with spaces. */
                authenticatorSecret: text.optional(),
                isAdmin: z.boolean(),
                warmingUpFrom: text,
                expiryDate: text,
              }),
            ),
          }),
        ),
      }),
    ),

    'prewarmup.order.failed': event(
      'prewarmup.order.failed',
      z.looseObject({
        ...user,
        orderId: text,
        serviceProvider: workspace,
        failedOrders: listOf(z.looseObject({ domain: text, reason: text })),
      }),
    ),
  }
}
