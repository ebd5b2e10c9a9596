import type { ServerResponse } from 'node:http'

/** Returns whether a header describes the body of an answer. Remove such a header if you replace the body. */
export const isBodyHeader = (name: string): boolean => /^content-(?!security-policy)/.test(name)

/**
 * Returns whether an error was already answered, because a time limit ended before the claim was granted. The provider will
 * retry, so the handler must not run now.
 */
export const wasAlreadyRefused = (response: ServerResponse): boolean =>
  response.statusCode >= 400 && response.writableEnded
