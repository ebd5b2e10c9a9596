import type { Place } from './place.ts'

/** Notes for the values of a body, by their paths. */
export interface TreeNotes {
  /** What the schema expects at a path. */
  readonly expected: ReadonlyMap<string, string>
  /** The path of a credential as the inspector writes it. */
  readonly credentials: ReadonlyMap<string, string>
  readonly place: Place
}
