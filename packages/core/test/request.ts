import type { Receiver, Reception, WebhookRequest } from '@mailbox-hooks/core'

export interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  readonly url?: string | undefined
}

/** A request as an adapter would make it of one that arrived. */
const requestOf = ({ headers, body, url }: Sent): WebhookRequest => ({
  method: 'POST',
  url,
  header: (name) => headers[name],
  headers: () => headers,
  readBody: async () => Buffer.from(body as Uint8Array),
  isOpenEnded: () => false,
})

export const receive = <D>(receiver: Receiver<D>, sent: Sent): Promise<Reception<D>> =>
  receiver.receive(requestOf(sent))

/** Returns the status and the code that a sender gets, or `'accepted'`. */
export async function answerTo(receiver: Receiver<unknown>, sent: Sent): Promise<string> {
  const { answer } = await receive(receiver, sent)
  return answer === undefined ? 'accepted' : `${answer.status} ${JSON.parse(answer.body).error}`
}
