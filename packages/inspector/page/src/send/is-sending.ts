import { signal } from '@preact/signals'

/** Whether the dialog for samples is open. */
export const isSending = signal(false)
