import { act } from './actions.ts'
import { detailState, opened } from './detail.ts'

/** Replays the open delivery as it came, if that can be done. */
export function replayOpened(): void {
  const key = opened.value
  const state = detailState.value
  if (key === undefined || state.kind !== 'ready') return
  const replay = state.detail.actions.find(({ name }) => name === 'replay')
  if (replay === undefined || replay.disabledBecause !== undefined) return
  void act('Replayed as it came', { what: 'replay', key })
}
