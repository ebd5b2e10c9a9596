import { AdvisedFailure } from '../errors.js'

/**
 * A queue failure that a `handOff` recognises, with advice for the operator. The outcome's message ends with the advice, so
 * it must contain nothing of the delivery. Message and code are those of the cause.
 *
 * @example
 * throw new QueueFailure(error, 'Create the queue first.')
 */
export class QueueFailure extends AdvisedFailure {
  override readonly name = 'QueueFailure'
}
