import { signal } from '@preact/signals'

/** The tab keeps its session, not the browser: `sessionStorage` is read by no other tab, and a cookie by every port. */
const KEY = 'mailbox-hooks-session'

export type SessionState = 'opening' | 'open' | 'none'

export const sessionState = signal<SessionState>('opening')

export const sessionToken = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined

/** Exchanges the one-time token of the address for a session, and takes the token out of the address. */
export async function openSession(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('t')
  if (token !== null) {
    history.replaceState(null, '', location.pathname)
    // A token that was spent, by a reload of the first address, does not end the session that it opened.
    await exchange({ token })
  }
  sessionState.value = sessionToken() === undefined ? 'none' : 'open'
}

/** Returns what is wrong with the password. Undefined: nothing, and the session is open. */
export async function openByPassword(password: string): Promise<string | undefined> {
  const fault = await exchange({ password })
  if (fault === undefined) sessionState.value = 'open'
  return fault
}

export function endSession(): void {
  sessionStorage.removeItem(KEY)
  sessionState.value = 'none'
}

/** Whether the inspector lets in by password, too. */
export async function hasPassword(): Promise<boolean> {
  try {
    const response = await fetch('/api/session')
    return response.ok && ((await response.json()) as { password: boolean }).password
  } catch {
    return false
  }
}

async function exchange(proof: { token: string } | { password: string }): Promise<string | undefined> {
  try {
    const response = await fetch('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(proof),
    })
    const { session, error } = (await response.json()) as { session?: string; error?: string }
    if (session === undefined) return error ?? `The inspector answered ${response.status}.`
    sessionStorage.setItem(KEY, session)
    return undefined
  } catch {
    return 'The inspector does not answer.'
  }
}
