import { type Journal, memoryJournal } from '@mailbox-hooks/core'
import { checkOptions, type InspectorOptions } from './inspector-options.js'
import { sessionRoutes } from './server/session-routes.js'
import { Sessions } from './server/sessions.js'
import { startServer } from './server/start-server.js'

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
  const settings = checkOptions(options)
  const journal = settings.journal ?? memoryJournal()
  const sessions = new Sessions(settings.password)
  const server = await startServer({
    settings,
    sessions,
    routes: {},
    openRoutes: sessionRoutes(sessions),
    stream: (_query, response) => void response.writeHead(404).end(),
  })
  return {
    get url() {
      return `http://127.0.0.1:${server.port}/#t=${sessions.link}`
    },
    journal,
    close: () => server.close(),
  }
}
