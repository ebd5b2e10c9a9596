import { posix } from 'node:path'

export const REPOSITORY = 'https://github.com/mailbox-hooks/mailbox-hooks'

const ADAPTERS = ['express', 'koa', 'fastify', 'fetch']

/** Returns where a page of the repository lies on the site, or undefined if it is read in the repository. */
function placeOf(file: string): string | undefined {
  if (file === 'site/index.md') return 'index.md'
  if (file === 'SECURITY.md') return 'security.md'
  if (file === 'docs/README.md') return 'all.md'
  const [, page] = /^docs\/(.+\.md)$/.exec(file) ?? []
  const [, name] = /^packages\/([\w-]+)\/README\.md$/.exec(file) ?? []
  if (name === undefined) return page
  return `${ADAPTERS.includes(name) ? 'frameworks' : 'packages'}/${name}.md`
}

/** Returns the place of a published page. */
export const rewrite = (file: string): string => placeOf(file) ?? file

/** Pages are published from these folders alone. */
export const UNPUBLISHED = [
  '{ARCHITECTURE,CONTRIBUTING,README}.md',
  '.*/**',
  'bench/**',
  'docs/reference/**',
  'examples/**',
  'fixtures/**',
  'packages/*/!(README).md',
  'packages/*/*/**',
  'scripts/**',
  'test/**',
]

/** Returns the address of a file that a page links to: a page of the site, or the file in the repository. */
export function addressOf(link: string, page: string): string {
  if (/^(?:[a-z]+:|#|\/)/.test(link)) return link
  const [path = '', anchor] = link.split('#')
  const target = posix.join(posix.dirname(page), path)
  const end = anchor === undefined ? '' : `#${anchor}`
  const place = placeOf(target)
  return place === undefined ? `${REPOSITORY}/blob/main/${target}${end}` : `/${place}${end}`
}

/** Returns the anchor of a heading as code hosts make it, so that a link leads there on both. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
