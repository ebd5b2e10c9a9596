import { createReceiver, type Outcome, type Provider, type ReceiverOptions } from '@mailbox-hooks/core'
import { receive, type Sent } from './request.js'

/** Returns the verdict of a new receiver on one delivery; its handler, if reached, fails. */
export async function verdict(
  provider: Provider | readonly Provider[],
  sent: Sent,
  options: Partial<ReceiverOptions> = {},
): Promise<Outcome> {
  const outcomes: Outcome[] = []
  const receiver = createReceiver({
    providers: [provider].flat(),
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })
  const reception = await receive(receiver, sent)
  if (reception.answer === undefined) await reception.settle(500)
  return outcomes[0]!
}
