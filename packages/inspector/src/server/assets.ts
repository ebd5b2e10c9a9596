import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Asset {
  readonly type: string
  readonly bytes: Uint8Array
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The same from `src` and from `dist`. */
const PAGE = fileURLToPath(new URL('../../dist/page/', import.meta.url))

/** Reads the files of the page, by their paths. There are few, so no path of a request ever names a file. */
export function readAssets(folder: string = PAGE): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>()
  for (const path of filesIn(folder)) {
    const type = TYPES[extname(path)]
    if (type !== undefined) assets.set(`/${path}`, { type, bytes: readFileSync(join(folder, path)) })
  }
  const shell = assets.get('/index.html') ?? { type: TYPES['.html']!, bytes: Buffer.from(NOT_BUILT) }
  return assets.set('/', shell)
}

function filesIn(folder: string): string[] {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    return files.map((file) => join(file.parentPath, file.name).slice(folder.length).replaceAll('\\', '/'))
  } catch {
    return []
  }
}

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Inspector</title><p>The page was not built. Run ' +
  '<code>npm run build</code> in packages/inspector.</p></html>\n'
