import type { ServerResponse } from 'node:http'

/** Returns whether a header describes the body of an answer. Such a header must go when the body is replaced. */
export const isBodyHeader = (name: string): boolean => /^content-(?!security-policy)/.test(name)

/**
 * Returns whether a failure has been answered already, by a time limit that was faster than the claim. The provider
 * will retry, so the handler must not run now.
 */
export const wasAlreadyRefused = ({ writableEnded, statusCode }: ServerResponse): boolean =>
  writableEnded && statusCode >= 400
