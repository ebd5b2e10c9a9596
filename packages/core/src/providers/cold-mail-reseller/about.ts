import { objectAt, objectsAt } from '../object-at.js'
import type { DescribedAbout, JsonObject } from '../provider.js'

/** The mailboxes, orders, subscriptions and domains of an event. Not its user, who is the same in all of an account. */
export function aboutOf(data: JsonObject): DescribedAbout {
  const groups = objectsAt(data, 'mailboxDetails')
  const mailboxes = groups.flatMap((group) => objectsAt(group, 'preWarmedUpMailboxes'))
  const mailbox = objectAt(data, 'mailboxDetails')
  const domains = [data, ...objectsAt(data, 'domains'), ...groups, ...objectsAt(data, 'failedOrders')]
  return {
    addresses: [addressIn(mailbox, data.domain), addressIn(data, data.domain), ...mailboxes.map(({ email }) => email)],
    ids: [
      ...[data, mailbox, ...mailboxes].map(({ mailboxId }) => mailboxId),
      ...[data, ...groups].map(({ subscriptionId }) => subscriptionId),
      data.orderId,
      data.domainId,
    ],
    domains: [data.domainName, ...domains.map(({ domain }) => domain)],
  }
}

/** Failed orders show the part before the @ alone. */
function addressIn({ email }: JsonObject, domain: unknown): unknown {
  return typeof email === 'string' && !email.includes('@') ? `${email}@${domain}` : email
}
