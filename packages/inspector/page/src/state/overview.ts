import { computed, signal } from '@preact/signals'
import type { Overview } from '../../../src/api.ts'
import { get } from '../server/client.ts'
import { setClock } from './clock.ts'

export const overview = signal<Overview | undefined>(undefined)

const titles = computed(() => new Map(overview.value?.providers.map(({ name, title }) => [name, title])))

/** Returns the name of a provider as people write it. */
export const titleOf = (provider: string | undefined): string =>
  provider === undefined ? 'unknown' : (titles.value.get(provider) ?? provider)

export function takeOverview(next: Overview): void {
  overview.value = next
  setClock(next.now)
}

export async function loadOverview(signal: AbortSignal): Promise<void> {
  takeOverview(await get<Overview>('/api/overview', signal))
}
