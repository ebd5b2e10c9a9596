/** The attempt that a credential belongs to. */
export interface Place {
  readonly key: string
  readonly attempt: number
}
