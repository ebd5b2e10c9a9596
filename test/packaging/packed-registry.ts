import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Manifest } from './public-packages.js'

interface Packed {
  readonly manifest: Manifest
  readonly tarball: string
}

/** Starts a registry that has the packed packages, and nothing else. A project asks it for their scope only. */
export async function openPackedRegistry(packed: readonly Packed[]) {
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host}`
    const name = decodeURIComponent(request.url!.slice(1).replace(/\.tgz$/, ''))
    const found = packed.find(({ manifest }) => manifest.name === name)
    if (found === undefined) response.writeHead(404).end()
    else if (request.url!.endsWith('.tgz')) response.end(readFileSync(found.tarball))
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(describe(found, origin)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

/** Describes a package as a registry does. */
function describe({ manifest, tarball }: Packed, origin: string) {
  const { name, version } = manifest
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
  const dist = { tarball: `${origin}/${name}.tgz`, integrity }
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }
}
