import { journalDatabases } from './databases.js'
import { start } from './express-server.js'

/** The process of the servers: Express on each database, with its store and with its journal. Sends their ports. */
export interface Served {
  readonly name: string
  readonly withStore: number
  readonly withJournal: number
}

const databases = await Promise.all((await journalDatabases()).map((open) => open()))
const served = databases.map(async ({ name, store, journal }): Promise<Served> => {
  const [withStore, withJournal] = await Promise.all([start({ store }), start({ journal })])
  return { name, withStore, withJournal }
})

process.on('message', async () => {
  await Promise.all(databases.map((database) => database.close()))
  process.exit()
})
process.send?.(await Promise.all(served))
