import { AdvisedFailure } from '../errors.js'

/** A database failure that the store recognises. */
export class StoreFailure extends AdvisedFailure {
  override readonly name = 'StoreFailure'
}
