import { type Asked, failed, type Reply } from './reply.js'

/** Answers a request, without a socket. */
export type Route = (asked: Asked) => Reply | Promise<Reply>

/** The routes behind the session: `GET overview`, `GET details/*`. A `*` stands for one segment of the path. */
export type Routes = Readonly<Record<string, Route>>

/** Finds the route and calls it. */
export async function answer(routes: Routes, asked: Asked): Promise<Reply> {
  const [api, name = '', ...rest] = asked.path
  const pattern = [name, ...rest.map(() => '*')].join('/')
  const route = api === 'api' ? routes[`${asked.method} ${pattern}`] : undefined
  return route === undefined ? failed(404, 'There is nothing here.') : route(asked)
}

/** Splits a path and decodes its segments. Undefined if it cannot be decoded. */
export function segmentsOf(path: string): string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent)
  } catch {
    return undefined
  }
}
