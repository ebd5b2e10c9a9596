import { memoryJournal } from '@mailbox-hooks/core'
import { start } from './express-server.js'

/** The process of one server: Express with the store in memory, and with a journal in memory if its argument says so. */
process.on('message', () => process.send?.(process.cpuUsage()))
process.send?.(await start(process.argv[2] === 'journal' ? { journal: memoryJournal() } : {}))
