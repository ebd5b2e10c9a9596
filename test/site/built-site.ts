import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DIST = fileURLToPath(new URL('../../site/dist', import.meta.url))

/** A page as it was built. */
export interface BuiltPage {
  /** Its address, without `.html`, e.g. `/guides/workers`. */
  readonly address: string
  readonly anchors: ReadonlySet<string>
  /** The addresses within the site that it links to. */
  readonly links: readonly string[]
  /** The files of the repository that it links to. */
  readonly files: readonly string[]
}

/** Reads the pages that were built, apart from the API reference, which its own generator checks. */
export function builtPages(): readonly BuiltPage[] {
  const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
  const pages = files.filter((file) => file.endsWith('.html') && !file.startsWith('api/') && file !== '404.html')
  return pages.map((file) => {
    const html = readFileSync(join(DIST, file), 'utf8')
    const all = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, value]) => decodeURIComponent(value!))
    const address = `/${file.replace(/\.html$/, '').replace(/(^|\/)index$/, '$1')}`
    const links = all(/<a [^>]*?href="([^"]+)"/g)
    return {
      address,
      anchors: new Set(all(/ id="([^"]+)"/g)),
      links: links.filter((link) => /^[/#]/.test(link)),
      files: links.flatMap((link) => /\/(?:blob|edit)\/main\/([^#]+)/.exec(link)?.[1] ?? []),
    }
  })
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Serves the built site as a host of static files does, on a free port. */
export function serveSite(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site.invalid')
    const path = pathname.endsWith('/') ? `${pathname}index` : pathname
    const file = [path, `${path}.html`]
      .map((name) => join(DIST, name))
      .find((name) => extname(name) && existsSync(name))
    if (file === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(readFileSync(file))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve({ server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` })
    })
  })
}
