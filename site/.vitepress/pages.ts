import { posix } from 'node:path'

export const REPOSITORY = 'https://github.com/mailbox-hooks/mailbox-hooks'

/** Pages of packages link so to other documents, because a registry shows them alone. */
const IN_REPOSITORY = `${REPOSITORY}/blob/main/`

const ADAPTERS = ['express', 'koa', 'fastify', 'fetch']

/** Returns where a page of the repository lies on the site, or undefined if it is read in the repository. */
function placeOf(file: string): string | undefined {
  if (file === 'site/index.md') return 'index.md'
  if (file === 'SECURITY.md') return 'security.md'
  if (file === 'docs/README.md') return 'all.md'
  if (file === 'docs/providers.md') return 'providers/index.md'
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
  if (/^(?:[a-z]+:|#|\/)/.test(link) && !link.startsWith(IN_REPOSITORY)) return link
  const [path = '', anchor] = link.split('#')
  const target = path.startsWith(IN_REPOSITORY)
    ? path.slice(IN_REPOSITORY.length)
    : posix.join(posix.dirname(page), path)
  const end = anchor === undefined ? '' : `#${anchor}`
  const place = placeOf(target)
  return place === undefined ? `${IN_REPOSITORY}${target}${end}` : `/${place.replace(/(^|\/)index\.md$/, '$1')}${end}`
}

/** Returns the anchor of a heading as code hosts make it, so that a link leads there on both. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
