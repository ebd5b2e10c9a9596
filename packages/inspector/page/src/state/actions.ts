import { signal } from '@preact/signals'
import type { DoRequest, DoResult } from '../../../src/api.ts'
import { messageOf, post } from '../server/client.ts'

export type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly title: string }
  | { readonly kind: 'done'; readonly title: string; readonly results: DoResult['results'] }
  | { readonly kind: 'error'; readonly title: string; readonly message: string }

/** The last thing that was done with the open delivery. */
export const outcome = signal<Outcome>({ kind: 'none' })

/** The last sample that was sent. */
export const sampleOutcome = signal<Outcome>({ kind: 'none' })

/** Another address than the inspector's own target. */
const TARGET = 'mailbox-hooks-target'
export const chosenTarget = signal(sessionStorage.getItem(TARGET) ?? '')

export function chooseTarget(target: string): void {
  chosenTarget.value = target
  sessionStorage.setItem(TARGET, target)
}

export async function act(title: string, request: DoRequest, shown = outcome): Promise<void> {
  if (shown.value.kind === 'running') return
  const running: Outcome = { kind: 'running', title }
  shown.value = running
  const target = chosenTarget.value.trim()
  const next = await run(title, { ...request, ...(target !== '' && { target }) })
  // Another delivery may have been opened meanwhile.
  if (shown.value === running) shown.value = next
}

export function clearResults(): void {
  outcome.value = { kind: 'none' }
}

async function run(title: string, request: DoRequest): Promise<Outcome> {
  try {
    const { results } = await post<DoResult>('/api/do', request)
    return { kind: 'done', title, results }
  } catch (error) {
    return { kind: 'error', title, message: messageOf(error) }
  }
}
