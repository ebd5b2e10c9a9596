/** A setting that ends with the transaction, and that a rollback to a savepoint undoes together with the marks. */
const MARKED = `coalesce(current_setting('mailbox_hooks.marked', true), '')`

/** Returns a condition: this very transaction has marked the token. `token` is a parameter. */
export const isMarkedHere = (token: string) => `position(${token}::text IN ${MARKED}) > 0`

/** Returns an expression that remembers the token until the transaction ends. */
export const rememberMark = (token: string) =>
  `set_config('mailbox_hooks.marked', CASE WHEN ${isMarkedHere(token)} THEN ${MARKED}
    ELSE ${MARKED} || ' ' || ${token}::text END, true)`
