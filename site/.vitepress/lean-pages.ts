import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes the file that a browser loads with the first page. VitePress makes it of each page as a second one, without the
 * parts that stand in the HTML already, and the bundler of Vite 8 drops what is added so. The whole page does as well.
 */
export function writeLeanPages(outDir: string): void {
  const assets = join(outDir, 'assets')
  for (const file of readdirSync(assets)) {
    if (/\.md\.[\w-]+\.js$/.test(file))
      copyFileSync(join(assets, file), join(assets, file.replace(/\.js$/, '.lean.js')))
  }
}
