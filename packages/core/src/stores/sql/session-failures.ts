import { unfit } from '../unfit.js'

/** The failure of a client that returns rows in another form than its kind does by default. */
export const unreadableRows = () =>
  unfit(
    "The store's client returns rows in a form that the store cannot read. Give the store a pool of its own, with the " +
      "client's default types and row form.",
  )

/** The failure of a session in which nothing that is written is committed. */
export const leftOpenTransaction = () =>
  unfit(
    "A transaction is open on a connection of the store's pool, and would take the store's work along when it rolls " +
      'back. Commit or roll back before a connection returns to the pool, or give the store a pool of its own.',
  )
