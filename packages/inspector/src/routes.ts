import { copy } from './copy/copy.js'
import { type DetailParts, readDelivered, readDetail } from './data/detail.js'
import { type OverviewParts, readOverview } from './data/overview.js'
import { readKey } from './data/row.js'
import { readFilter } from './data/row-filter.js'
import { readPage } from './data/row-page.js'
import { readCatalog } from './play/catalog.js'
import { type DoParts, perform } from './play/do.js'
import { ok, Refusal } from './server/reply.js'
import type { Routes } from './server/router.js'
import { reveal } from './view/request-view.js'

export type RouteParts = DetailParts & OverviewParts & DoParts & { readonly log: (line: string) => void }

/** The routes of the page's data. They answer without a socket. */
export const dataRoutes = (parts: RouteParts): Routes => ({
  'GET overview': async () => ok(await readOverview(parts)),
  'GET rows': async ({ query }) => ok(await readPage(query, readFilter(query), parts)),
  'GET details/*': async ({ path }) => {
    const detail = await readDetail(keyOf(path[2]), parts)
    if (detail === undefined) throw new Refusal(404, GONE)
    return ok(detail)
  },
  'POST reveal': async ({ body }) => {
    const { key, attempt, path } = Object(body) as { key?: unknown; attempt?: unknown; path?: unknown }
    if (typeof path !== 'string' || typeof attempt !== 'number') throw new Refusal(400, 'Name key, attempt and path.')
    const { id } = keyOf(key)
    const delivered = await readDelivered(keyOf(key), parts)
    const arrival = delivered?.arrivals.find((each) => (each.attempt ?? 1) === attempt)
    const value = arrival && reveal(arrival, path, delivered?.shown?.provider)
    if (value === undefined) throw new Refusal(404, 'There is no credential at this place.')
    // The sender writes ids and names: nothing of them may reach a terminal as it is.
    parts.log(`The inspector revealed ${JSON.stringify(path)} of ${JSON.stringify(id)}, attempt ${attempt}.`)
    return ok({ value })
  },
  'POST do': async ({ body }) => ok(await perform(body, parts)),
  'GET catalog': () => ok(readCatalog(parts.providers)),
  'GET copy/*': async ({ path, query }) => {
    const delivered = await readDelivered(keyOf(path[2]), parts)
    if (delivered === undefined) throw new Refusal(404, GONE)
    return ok(copy(delivered, query.get('as'), await parts.targets.current()))
  },
})

const GONE = 'The delivery is no longer in the journal.'

function keyOf(text: unknown) {
  const key = readKey(text)
  if (key === undefined) throw new Refusal(400, 'This is no key of a delivery.')
  return key
}
