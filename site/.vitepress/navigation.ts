import type { DefaultTheme } from 'vitepress'

const GUIDES = [
  { text: 'Five minutes to the first delivery', link: '/guides/first-delivery' },
  { text: 'To exactly once', link: '/guides/exactly-once' },
  { text: 'To workers', link: '/guides/workers' },
  { text: 'To production', link: '/guides/production' },
]

const MIGRATION = [
  { text: 'From code by hand', link: '/migrating/by-hand' },
  { text: 'From a body parser with rawBody', link: '/migrating/raw-body' },
  { text: 'From svix', link: '/migrating/svix' },
]

const FRAMEWORKS = [
  { text: 'Express', link: '/frameworks/express' },
  { text: 'Koa', link: '/frameworks/koa' },
  { text: 'Fastify', link: '/frameworks/fastify' },
  { text: 'fetch', link: '/frameworks/fetch' },
  { text: 'Hono', link: '/frameworks/hono' },
  { text: 'Next.js', link: '/frameworks/nextjs' },
  { text: 'NestJS', link: '/frameworks/nestjs' },
]

const RUNTIMES = [
  { text: 'Node', link: '/runtimes/node' },
  { text: 'Bun', link: '/runtimes/bun' },
  { text: 'Deno', link: '/runtimes/deno' },
  { text: 'Cloudflare Workers', link: '/runtimes/cloudflare-workers' },
  { text: 'AWS Lambda', link: '/runtimes/aws-lambda' },
  { text: 'Other hosts', link: '/recipes#hosts-that-parse-the-body-first' },
  { text: 'Behind a proxy', link: '/recipes#behind-a-proxy' },
  { text: 'Tested versions', link: '/compatibility' },
]

const PROVIDERS = [
  { text: 'All providers, and trust', link: '/providers/' },
  { text: 'Cold Mail Reseller', link: '/providers/cold-mail-reseller' },
  { text: 'InboxKit', link: '/providers/inboxkit' },
  { text: 'OpenMail', link: '/providers/openmail' },
  { text: 'AgentMail', link: '/providers/agentmail' },
  { text: 'Resend', link: '/providers/resend' },
  { text: 'Standard Webhooks', link: '/providers/standard-webhooks' },
  { text: 'Your own provider', link: '/writing-a-provider' },
]

const KEEPING = [
  { text: 'Stores', link: '/stores' },
  { text: 'The journal', link: '/journal' },
  { text: 'Scaling', link: '/scaling' },
  { text: 'BullMQ', link: '/packages/bullmq' },
  { text: 'pg-boss', link: '/packages/pg-boss' },
  { text: 'Your own queue', link: '/your-own-queue' },
]

const OPERATING = [
  { text: 'Recipes', link: '/recipes' },
  { text: 'Operations', link: '/operations' },
  { text: 'Inspector', link: '/inspector' },
  { text: 'Command line', link: '/packages/cli' },
  { text: 'Testing', link: '/packages/testing' },
  { text: 'OpenTelemetry', link: '/packages/opentelemetry' },
]

const REFERENCE = [
  { text: 'Options', link: '/options' },
  { text: 'Answers', link: '/answers' },
  { text: 'Error codes', link: '/errors' },
  { text: 'Performance', link: '/performance' },
  { text: 'Security', link: '/security' },
  { text: 'Other ways, compared', link: '/comparison' },
  { text: 'What grows with use', link: '/growth' },
  { text: 'API', link: '/api/', target: '_self' },
  { text: 'All pages', link: '/all' },
]

const PACKAGES = [
  { text: 'core', link: '/packages/core' },
  { text: 'journal', link: '/packages/journal' },
  { text: 'inspector', link: '/packages/inspector' },
]

const DECISIONS = [
  { text: 'Deduplication keys', link: '/decisions/deduplication-keys' },
  { text: 'Bodies of refused requests', link: '/decisions/discarding-refused-bodies' },
  { text: 'The end of an Express response', link: '/decisions/holding-the-end-in-express' },
  { text: 'The inspector in the command line', link: '/decisions/inspector-and-command-line' },
  { text: 'Rows of the journal', link: '/decisions/journal-rows' },
  { text: "The journal's entry is the lock", link: '/decisions/one-lock' },
  { text: 'Signed content as data', link: '/decisions/providers-as-data' },
  { text: 'Bodies of Node requests', link: '/decisions/reading-node-bodies' },
  { text: 'Values that may be there at once', link: '/decisions/answers-at-once' },
  { text: 'Claims in Redis', link: '/decisions/redis-claims' },
  { text: 'How much a refusal reveals', link: '/decisions/refusals' },
]

export const NAVIGATION: Pick<DefaultTheme.Config, 'nav' | 'sidebar'> = {
  nav: [
    { text: 'Guides', link: '/guides/first-delivery', activeMatch: '^/guides/' },
    { text: 'Providers', link: '/providers/', activeMatch: '^/providers/' },
    { text: 'Options', link: '/options' },
    { text: 'Error codes', link: '/errors' },
    { text: 'API', link: '/api/', target: '_self' },
  ],
  sidebar: [
    { text: 'Guides', items: GUIDES },
    { text: 'Frameworks', items: FRAMEWORKS },
    { text: 'Providers', items: PROVIDERS },
    { text: 'Runtimes', items: RUNTIMES },
    { text: 'Stores and queues', items: KEEPING },
    { text: 'Operating', items: OPERATING },
    { text: 'Moving here', items: MIGRATION },
    { text: 'Reference', items: REFERENCE },
    { text: 'Packages', collapsed: true, items: PACKAGES },
    { text: 'Decisions', collapsed: true, items: DECISIONS },
  ],
}
