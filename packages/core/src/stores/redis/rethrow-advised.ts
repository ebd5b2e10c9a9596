import { StoreFailure } from '../store-failure.js'

/** Matches the errors of clients that cannot send a command. */
const NOT_CONNECTED = /client is (?:closed|offline)|Connection is closed|isn't writeable|max retries|ECONNREFUSED/

/** Throws the failure again, with advice if the connection failed. */
export function rethrowAdvised(failure: unknown): never {
  if (failure instanceof Error && NOT_CONNECTED.test(`${(failure as { code?: unknown }).code} ${failure.message}`)) {
    throw new StoreFailure(failure, 'Is the client connected?')
  }
  throw failure
}
