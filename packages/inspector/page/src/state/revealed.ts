import { signal } from '@preact/signals'
import { messageOf, post } from '../server/client.ts'

/** Credentials that were revealed by a click, by attempt and path. They are forgotten when another delivery is opened. */
const revealed = signal<ReadonlyMap<string, string>>(new Map())

const placeOf = (attempt: number, path: string) => `${attempt} ${path}`

export const revealedAt = (attempt: number, path: string) => revealed.value.get(placeOf(attempt, path))

export async function reveal(key: string, attempt: number, path: string): Promise<string | undefined> {
  try {
    const { value } = await post<{ value: string }>('/api/reveal', { key, attempt, path })
    revealed.value = new Map(revealed.value).set(placeOf(attempt, path), value)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

export function hide(attempt: number, path: string): void {
  const rest = new Map(revealed.value)
  rest.delete(placeOf(attempt, path))
  revealed.value = rest
}

export function hideRevealed(): void {
  revealed.value = new Map()
}
