/** Thrown into a transaction of the handler's, so that it rolls back. */
export const claimLost = () =>
  new Error('The claim was lost, another process may be handling the event: this transaction must not be committed.')
