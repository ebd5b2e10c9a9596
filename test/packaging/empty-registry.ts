import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Manifest } from './public-packages.js'

/** A publication as it is sent to a registry, as far as these checks read it. */
interface Publication {
  readonly name: string
  readonly versions: Readonly<Record<string, PublishedManifest>>
}

export interface PublishedManifest extends Manifest {
  readonly repository?: { readonly url: string; readonly directory: string }
}

/** A registry that knows no package, and keeps what is published to it. */
export async function openEmptyRegistry() {
  const published: PublishedManifest[] = []
  const server = createServer(async (request, response) => {
    const isPublication = request.method === 'PUT'
    if (isPublication) published.push(...Object.values(((await json(request)) as Publication).versions))
    response.writeHead(isPublication ? 201 : 404, { 'content-type': 'application/json' })
    response.end(isPublication ? '{"ok":true}' : '{"error":"Not found"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { host: `127.0.0.1:${port}`, published, close: () => server.close() }
}
