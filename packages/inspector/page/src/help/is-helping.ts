import { signal } from '@preact/signals'

/** Whether the help is open. */
export const isHelping = signal(false)
