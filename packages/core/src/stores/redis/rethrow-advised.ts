import { StoreFailure } from '../store-failure.js'

/** What the clients say when they cannot send a command, each in its own words. */
const NOT_CONNECTED = /client is (?:closed|offline)|Connection is closed|isn't writeable|max retries|ECONNREFUSED/

/** Throws the failure again, with advice where it is the connection's. */
export function rethrowAdvised(failure: unknown): never {
  if (failure instanceof Error && NOT_CONNECTED.test(`${(failure as { code?: unknown }).code} ${failure.message}`)) {
    throw new StoreFailure(failure, 'Is the client connected?')
  }
  throw failure
}
