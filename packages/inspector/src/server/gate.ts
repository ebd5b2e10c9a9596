import type { IncomingMessage } from 'node:http'
import { Refusal } from './reply.js'

/** Returns the values of `Host` under which the page may be asked for: another name leads to it by DNS rebinding. */
export function hostsOf(port: number, { host, hostNames }: { host: string; hostNames: readonly string[] }) {
  const names = new Set(['127.0.0.1', 'localhost', ...hostNames])
  // Not 0.0.0.0, which is no address that anybody asks for.
  if (!/^(0\.0\.0\.0|::)$/.test(host)) names.add(host)
  // No browser writes port 80.
  return new Set([...names].flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])))
}

/** Refuses what no page of the inspector sends, before every route. */
export function checkRequest(request: IncomingMessage, hosts: ReadonlySet<string>): void {
  const { headers, url = '', method = '' } = request
  const named = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  if (named.length !== 1 || !hosts.has(headers.host ?? '')) {
    throw new Refusal(403, 'The inspector answers to its own address only.')
  }
  // A proxy would be asked for a whole address.
  if (!url.startsWith('/')) throw new Refusal(400, 'The address must be a path.')
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new Refusal(403, 'Another page asks. Open the link that was printed, in a tab of its own.')
  }
  if (headers['service-worker'] !== undefined) throw new Refusal(403, 'A service worker would outlive the inspector.')
  const { origin } = headers
  if (origin !== undefined && !hosts.has(origin.replace(/^http:\/\//, ''))) {
    throw new Refusal(403, 'Another page asks.')
  }
  if (method !== 'GET' && method !== 'POST') throw new Refusal(405, 'There is GET and POST.')
  // A form of another page can send any other type without asking first.
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (method === 'POST' && type !== 'application/json') throw new Refusal(415, 'Writes are application/json.')
}

/** Far above what the page sends: the payload of a sample. */
const MAX_BYTES = 1_000_000

/** Reads the JSON of a write. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) throw tooLarge()
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw new Refusal(400, 'The body is not JSON.')
  }
}

const tooLarge = () => new Refusal(413, `The body is larger than ${MAX_BYTES} bytes.`)
