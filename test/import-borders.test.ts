import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { titled } from '../packages/testing/src/titled.js'

const REPOSITORY = new URL('..', import.meta.url).pathname

const CORE = 'The core knows no framework and no database client'
const RECEIVER = 'The receiver knows the Provider and DedupStore contracts'
const PROVIDER = 'A provider is written with defineProvider'
const STORE = 'A store knows its own contract and the errors'
const ADAPTER = 'Adapters use what the core exports'

/** Files of which none is there yet, each with what it may import and what it may not, and why. */
const PLANTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'packages/core/src/providers/acme/index.ts': {
    pg: CORE,
    express: CORE,
    'mysql2/promise': CORE,
    '@mailbox-hooks/express': CORE,
    '../../../../express/src/webhooks.js': CORE,
    '../openmail/index.js': PROVIDER,
    '../../receiver/receiver.js': PROVIDER,
    '../../stores/dedup-store.js': PROVIDER,
    zod: 'allowed',
    'node:crypto': 'allowed',
    './schemas.js': 'allowed',
    '../define-provider.js': 'allowed',
    '../standard-webhooks/index.js': 'allowed',
    '../../signature/secrets.js': 'allowed',
    '../../options/option-names.js': 'allowed',
  },
  'packages/core/src/stores/acme/acme-store.ts': {
    pg: CORE,
    '@mailbox-hooks/express': CORE,
    '../../delivery/delivery.js': STORE,
    '../../receiver/receiver.js': STORE,
    '../../claim/held-claim.js': STORE,
    '../../providers/openmail/index.js': STORE,
    '../redis/redis-store.js': STORE,
    '../dedup-store.js': 'allowed',
    '../../errors.js': 'allowed',
    '../../options/option-rules.js': 'allowed',
    'node:timers/promises': 'allowed',
  },
  'packages/core/src/receiver/planted.ts': {
    koa: CORE,
    '@mailbox-hooks/express': CORE,
    '../providers/acme/index.js': RECEIVER,
    '../stores/acme/acme-store.js': RECEIVER,
    '../stores/memory/memory-store.js': RECEIVER,
    '../providers/provider.js': 'allowed',
    '../stores/dedup-store.js': 'allowed',
    '../delivery/delivery.js': 'allowed',
  },
  'packages/core/src/index.ts': {
    fastify: CORE,
    './providers/acme/index.js': 'allowed',
    './stores/memory/memory-store.js': 'allowed',
  },
  'packages/acme/src/webhooks.ts': {
    '@mailbox-hooks/express': ADAPTER,
    '@mailbox-hooks/testing': ADAPTER,
    '../../core/src/receiver/receiver.js': ADAPTER,
    acme: 'allowed',
    '@mailbox-hooks/core': 'allowed',
    '@mailbox-hooks/core/node': 'allowed',
  },
}

const folder = mkdtempSync(join(tmpdir(), 'mailbox-hooks-borders-'))
afterAll(() => rmSync(folder, { recursive: true }))

cpSync(join(REPOSITORY, 'biome.json'), join(folder, 'biome.json'))
for (const [file, imports] of Object.entries(PLANTED)) {
  mkdirSync(join(folder, dirname(file)), { recursive: true })
  const lines = Object.keys(imports).map((specifier) => `export * from '${specifier}'\n`)
  writeFileSync(join(folder, file), lines.join(''))
}

interface Complaint {
  readonly message: string
  readonly location: { readonly path: string; readonly start: { readonly line: number } }
}

// A border is a rule of biome's, and so is what is judged here, whatever else it may say of such files.
const options = ['--only=style/noRestrictedImports', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none']
const { stdout } = spawnSync(join(REPOSITORY, 'node_modules/.bin/biome'), ['lint', ...options], {
  cwd: folder,
  encoding: 'utf8',
})
const { diagnostics } = JSON.parse(stdout) as { diagnostics: Complaint[] }

describe.each(Object.entries(PLANTED))('the import rules, in %s', (file, imports) => {
  const cases = Object.entries(imports).map(([specifier, verdict], index) => ({ specifier, verdict, line: index + 1 }))

  it.each(titled(cases, ({ specifier, verdict }) => `of ${specifier}: ${verdict}`))('%s', ({ verdict, line }) => {
    const found = diagnostics.filter(({ location }) => location.path === file && location.start.line === line)
    const reasons = found.map(({ message }) => message)
    if (verdict === 'allowed') expect(reasons).toEqual([])
    else expect(reasons).toContainEqual(expect.stringContaining(verdict))
  })
})
