import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { writeLeanPages } from './lean-pages.js'
import { NAVIGATION } from './navigation.js'
import { addressOf, anchorOf, REPOSITORY, rewrite, UNPUBLISHED } from './pages.js'

const path = (place: string) => fileURLToPath(new URL(place, import.meta.url))
const ROOT = path('../../')

/** Pages with tables that need the room of the outline. */
const WIDE = /^(?:comparison|compatibility|operations|performance-tables|providers\/index)\.md$/

/** An envelope with a tick. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#0b5cad" stroke-width="1.5">' +
  '<rect x="1" y="3" width="14" height="10" rx="1.5"/><path d="m4.5 8 2.5 2.5 5-5"/></svg>'

export default defineConfig({
  title: 'mailbox-hooks',
  description: 'Receives the webhooks of mailbox platforms: verified, typed, handled once.',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  // Pages of a project are served below its name; a site of its own is served at the root.
  base: process.env.SITE_BASE ?? '/',
  srcDir: '..',
  outDir: path('../dist'),
  cacheDir: path('../node_modules/.vitepress'),
  srcExclude: UNPUBLISHED,
  rewrites: rewrite,
  cleanUrls: true,
  buildEnd: ({ outDir }) => writeLeanPages(outDir),
  transformPageData(page) {
    const { relativePath } = page
    if (relativePath === 'packages/cli.md') page.title = 'Command line'
    if (WIDE.test(relativePath)) page.frontmatter.aside = false
  },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: anchorOf },
    config(markdown) {
      // The links of a page are those that work in the repository.
      markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
        const page = relative(ROOT, env.realPath ?? env.path)
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const link = token.type === 'link_open' ? token.attrGet('href') : null
          if (link !== null) token.attrSet('href', addressOf(link, page))
        }
      })
    },
  },
  vite: {
    resolve: {
      // The pages lie outside of this package, where Vue cannot be found.
      alias: [
        { find: /^vue$/, replacement: path('../node_modules/vue/dist/vue.runtime.esm-bundler.js') },
        { find: 'vue/server-renderer', replacement: path('../node_modules/vue/server-renderer/index.mjs') },
      ],
    },
  },
  themeConfig: {
    ...NAVIGATION,
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/:path`, text: 'Edit this page' },
    notFound: { title: 'No such page', quote: 'The search finds pages by their words.', linkText: 'To the first page' },
    footer: { message: 'MIT licensed' },
  },
})
