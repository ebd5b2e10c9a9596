import { signal } from '@preact/signals'
import type { CatalogProvider } from '../../../src/api.ts'
import { get, messageOf } from '../server/client.ts'

export const catalog = signal<readonly CatalogProvider[]>([])
export const catalogError = signal<string | undefined>(undefined)
export const isCatalogLoading = signal(true)

/** Loads the samples each time the dialog opens, because receivers with other providers may have come meanwhile. */
export async function loadCatalog(): Promise<void> {
  isCatalogLoading.value = catalog.value.length === 0
  try {
    catalog.value = await get<readonly CatalogProvider[]>('/api/catalog')
    catalogError.value = undefined
  } catch (error) {
    catalogError.value = messageOf(error)
  }
  isCatalogLoading.value = false
}
