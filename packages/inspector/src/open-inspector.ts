import { type Journal, memoryJournal } from '@mailbox-hooks/core'
import { Diagnoses } from './data/diagnosis.js'
import { Feed } from './data/feed.js'
import { readOverview } from './data/overview.js'
import { ProviderBook } from './data/provider-book.js'
import { RowMaker } from './data/row.js'
import { readFilter } from './data/row-filter.js'
import { checkOptions, type InspectorOptions, type Settings } from './inspector-options.js'
import { listActions } from './play/actions.js'
import type { AnswerInstead } from './play/do.js'
import { resolveTarget, Targets } from './play/target.js'
import { dataRoutes, type RouteParts } from './routes.js'
import { sessionRoutes } from './server/session-routes.js'
import { Sessions } from './server/sessions.js'
import { startServer } from './server/start-server.js'
import { stream } from './server/stream.js'

export type { InspectorOptions } from './inspector-options.js'

/** An open inspector. */
export interface Inspector {
  /** The link to the page. It lets in once: read it again for another link. */
  readonly url: string
  /** The journal that is shown. Pass it to `webhooks`. */
  readonly journal: Journal
  /** Closes the page's server and its connections. */
  close(): Promise<void>
}

/**
 * Opens a page on this machine that shows each delivery in a journal as it comes, and says why one was refused.
 *
 * It listens on 127.0.0.1 and keeps no process alive. Everything that it knows stands in the journal. Throws a `TypeError`
 * for a wrong option, and under `NODE_ENV=production`. Rejects if the port is taken.
 *
 * @example
 * const { url, journal } = await openInspector()
 * const receive = webhooks({ providers, journal })
 * console.log(`Inspector: ${url}`)
 */
export async function openInspector(options: InspectorOptions = {}): Promise<Inspector> {
  return startInspector(checkOptions(options), undefined)
}

/** Opens an inspector, also for what stands in front of an application and can answer in its place. */
export async function startInspector(settings: Settings, answerInstead: AnswerInstead | undefined): Promise<Inspector> {
  if (settings.target !== undefined) await checkTarget(settings.target)
  const journal = settings.journal ?? memoryJournal({ refusals: REFUSALS })
  const parts = partsOf(journal, settings, answerInstead)
  const feed = new Feed(journal, parts.rows)
  const sessions = new Sessions(settings.password)
  const server = await startServer({
    settings,
    sessions,
    routes: dataRoutes(parts),
    openRoutes: sessionRoutes(sessions),
    stream: (query, response) => stream(response, readFilter(query), { feed, overview: () => readOverview(parts) }),
  })
  const host = /^(0\.0\.0\.0|::|127\.0\.0\.1)$/.test(settings.host) ? '127.0.0.1' : settings.host
  return {
    get url() {
      return `http://${host}:${server.port}/#t=${sessions.link}`
    },
    journal,
    close: () => server.close(),
  }
}

/** On a page, the eleventh refusal in a minute would be missed. */
export const REFUSALS = { keep: 100, perMinute: 1_000 }

function partsOf(journal: Journal, settings: Settings, answerInstead: AnswerInstead | undefined): RouteParts {
  const providers = new ProviderBook(journal, settings.providers)
  const rows = new RowMaker(journal, providers)
  const targets = new Targets(settings.target, journal)
  return {
    ...{ journal, providers, rows, targets, answerInstead },
    diagnoses: new Diagnoses(journal, providers),
    actionsOf: async (delivered) => listActions(delivered, await targets.current()),
    target: () => targets.current(),
    log: settings.log,
  }
}

async function checkTarget(target: string): Promise<void> {
  try {
    await resolveTarget(target)
  } catch (error) {
    throw new TypeError(`openInspector: ${(error as Error).message}`)
  }
}
