import {
  coldMailResellerExamples,
  fromColdMailReseller,
  fromInboxKit,
  fromOpenMail,
  inboxReactivated,
  inboxSuspended,
  messageReceived,
  type Request,
  statusChange,
  statusChanged,
  subscriptionCancelled,
} from './providers.ts'

/** A delivery with the expected and the actual answer. */
export interface Row {
  readonly delivery: string
  readonly expected: string
  readonly got: string
}

const HANDLED = '200 handled'
const DUPLICATE = '200 duplicate'

/** Plays the three providers, with failures, against a receiver. */
export async function play(url: string): Promise<Row[]> {
  const rows: Row[] = []
  const expectAnswer = async (delivery: string, expected: string, request: Request) => {
    rows.push({ delivery, expected, got: await post(url, request) })
  }

  for (const { name, payload } of coldMailResellerExamples) {
    await expectAnswer(`Cold Mail Reseller ${name}`, HANDLED, fromColdMailReseller(payload))
  }
  await expectAnswer('InboxKit mailbox.status_changed, active', HANDLED, fromInboxKit(statusChanged))
  for (const [from, to, at] of [
    ['active', 'suspended', '2026-01-02T00:00:00.000Z'],
    ['suspended', 'active', '2026-01-03T00:00:00.000Z'],
    ['active', 'suspended', '2026-01-04T00:00:00.000Z'],
  ] as const) {
    await expectAnswer(`InboxKit the same mailbox, ${to}`, HANDLED, fromInboxKit(statusChange(from, to, at)))
  }
  await expectAnswer('OpenMail inbox.suspended', HANDLED, fromOpenMail(inboxSuspended))

  const message = fromOpenMail(messageReceived)
  const parallel = await Promise.all([post(url, message), post(url, message)])
  rows.push({
    delivery: 'OpenMail message.received, twice at once',
    expected: `${HANDLED}, 503 in_flight`,
    got: parallel.sort().join(', '),
  })
  await expectAnswer('… the same again, later', DUPLICATE, message)

  await expectAnswer('… with a body that was tampered with', '401 signature_invalid', {
    ...message,
    body: message.body.replace('Hello', 'Hullo'),
  })
  await expectAnswer(
    '… signed six minutes ago',
    '401 timestamp_invalid',
    fromOpenMail(messageReceived, Date.now() - 360_000),
  )
  await expectAnswer('… without a signature', '401 signature_invalid', { ...message, headers: {} })
  await expectAnswer('OpenMail an event that nobody has heard of', HANDLED, fromOpenMail({ event: 'inbox.exploded' }))

  const cancelled = fromColdMailReseller(subscriptionCancelled)
  await expectAnswer('Cold Mail Reseller subscription.cancelled, and the handler fails', '500 failed', cancelled)
  await expectAnswer('… its retry', HANDLED, cancelled)
  await expectAnswer('… and one retry more', DUPLICATE, cancelled)
  for (const which of ['a bug in the handler', 'the bug again']) {
    await expectAnswer(`OpenMail inbox.reactivated, and ${which}`, '500 failed', fromOpenMail(inboxReactivated))
  }
  return rows
}

/** Returns the status and the answer in a word. */
async function post(url: string, { headers, body }: Request): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const answer = (await response.json()) as { duplicate?: true; failed?: true; error?: string }
  const word = answer.error ?? (answer.duplicate ? 'duplicate' : answer.failed ? 'failed' : 'handled')
  return `${response.status} ${word}`
}
