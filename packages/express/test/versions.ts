import express5 from 'express'
// @ts-expect-error the alias has no declarations of its own; what is used here is the same in both
import express4 from 'express4'

type Express = typeof express5

/** The majors that the adapter serves. */
export const VERSIONS: readonly { name: string; express: Express }[] = [
  { name: 'express 4', express: express4 as Express },
  { name: 'express 5', express: express5 },
]
