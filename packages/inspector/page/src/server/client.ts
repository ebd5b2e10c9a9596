import { ApiError } from './api-error.ts'
import { endSession, sessionToken } from './session.ts'

/** Requests a path of the inspector with the session's token. Throws an `ApiError` for an answer that is not a 2xx. */
export async function request(path: string, options: RequestInit = {}): Promise<Response> {
  const headers = new Headers(options.headers)
  headers.set('authorization', `Bearer ${sessionToken() ?? ''}`)
  const response = await fetch(path, { ...options, headers })
  if (response.ok) return response
  if (response.status === 401) endSession()
  throw new ApiError(response.status, await errorText(response))
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, signal === undefined ? {} : { signal })
  return (await response.json()) as T
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as T
}

/** Returns a sentence for a person: of the inspector, or of the network. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  return 'The inspector does not answer. Is its process still running?'
}

async function errorText(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error?: string }
    if (error !== undefined) return error
  } catch {
    // Not an answer of the inspector: its status is all that is known.
  }
  return `The inspector answered ${response.status}.`
}
