import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { LAMBDA_EVENTS } from '../../hosts/lambda-events.js'
import { announce, PORT } from './port.js'

/** The paths of the server, one for each kind of event. */
const KINDS = new Map(
  Object.entries(LAMBDA_EVENTS).map(([kind, eventOf]) => [`/${kind.replaceAll(' ', '-')}`, eventOf]),
)

interface Result {
  readonly statusCode: number
  readonly body: string
}

/** Serves a function of AWS Lambda: each path brings another kind of event. An error of the function becomes 502. */
export function serveLambda(invoke: (event: never) => Promise<unknown>): void {
  createServer(async (request, response) => {
    try {
      const { statusCode, body } = (await invoke((await eventOf(request)) as never)) as Result
      response.writeHead(statusCode, { 'content-type': 'application/json' }).end(body)
    } catch {
      response.writeHead(502).end()
    }
  }).listen(PORT, '127.0.0.1', announce)
}

async function eventOf(request: IncomingMessage): Promise<object> {
  const { 'x-timestamp': timestamp = '', 'x-signature': signature = '' } = request.headers
  const headers = { host: 'example.com', 'x-timestamp': String(timestamp), 'x-signature': String(signature) }
  return KINDS.get(request.url!)!(headers, await text(request), false)
}
