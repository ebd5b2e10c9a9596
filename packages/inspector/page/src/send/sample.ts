import { computed, signal } from '@preact/signals'
import { catalog } from './catalog.ts'

const chosenProvider = signal<string | undefined>(undefined)
const chosenType = signal<string | undefined>(undefined)
const edited = signal<string | undefined>(undefined)

/** The chosen provider, else the first that can sign. */
export const provider = computed(() => {
  const all = catalog.value
  return all.find(({ name }) => name === chosenProvider.value) ?? all.find(({ canSign }) => canSign) ?? all[0]
})

export const event = computed(() => {
  const events = provider.value?.events ?? []
  return events.find(({ type }) => type === chosenType.value) ?? events[0]
})

/** The payload as it will be sent: the sample, unless it was edited. */
export const payloadText = computed(() => edited.value ?? JSON.stringify(event.value?.sample ?? {}, null, 2))

export const isEdited = computed(() => edited.value !== undefined)

/** Says what is wrong with the payload. Undefined: nothing. */
export const payloadFault = computed(() => {
  try {
    JSON.parse(payloadText.value)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
})

export function chooseProvider(name: string): void {
  chosenProvider.value = name
  chosenType.value = undefined
  edited.value = undefined
}

export function chooseEvent(type: string): void {
  chosenType.value = type
  edited.value = undefined
}

export function editPayload(text: string): void {
  edited.value = text
}

export function resetPayload(): void {
  edited.value = undefined
}
