import Koa3 from 'koa'
// @ts-expect-error the alias has no declarations of its own; what is used here is the same in both
import Koa2 from 'koa2'

/** The majors that the adapter serves. */
export const VERSIONS: readonly { name: string; Koa: typeof Koa3 }[] = [
  { name: 'koa 2', Koa: Koa2 as typeof Koa3 },
  { name: 'koa 3', Koa: Koa3 },
]
