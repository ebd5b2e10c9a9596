import type { Row } from '../../../src/api.ts'

export type State = Row['state']

/** Each state as a word for people. `tone` is its colour, never its only sign. */
export const VERDICTS: { readonly [state in State]: { readonly word: string; readonly tone: string } } = {
  handled: { word: 'Handled', tone: 'good' },
  queued: { word: 'Queued', tone: 'wait' },
  received: { word: 'Running', tone: 'wait' },
  refused: { word: 'Refused', tone: 'refused' },
  failed: { word: 'Failed', tone: 'bad' },
  dead: { word: 'Dead', tone: 'bad' },
}

export const STATES = Object.keys(VERDICTS) as State[]

export function toneOfStatus(status: number): string {
  if (status >= 200 && status < 300) return 'good'
  if (status === 0 || status >= 500) return 'bad'
  return 'refused'
}

export const statusText = (status: number): string => (status === 0 ? 'none' : String(status))
