import { openInspector } from '@mailbox-hooks/inspector'
import { play } from './play.ts'
import { startReceiver } from './receiver.ts'

const inspector = await openInspector({ port: Number(process.env.PORT ?? 4790) })
const receiver = await startReceiver(inspector.journal)
console.log(`
Three providers call an Express receiver on ${receiver.url}: with duplicates, refusals, failures and retries.

  Inspector: ${inspector.url}

Ctrl-C ends it.
`)

const end = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort())
await play(receiver.url, end.signal)
receiver.close()
await inspector.close()
