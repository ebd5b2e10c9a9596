const DEFINITIONS = ['providers/{definition,vectors,standard-webhooks,unsafe-definitions,secret-headers}.test.ts']
/**
 * The tests that vouch for each folder of `packages`, quick ones that need no server unless it says so, because each runs
 * again for each mistake. Nearly every test imports nearly every source, so that tools cannot tell.
 */
export const MUTANT_TESTS = {
  'core/src/signature': core(
    'signature',
    ...DEFINITIONS,
    'diagnose',
    'receiver/{handshake,several-providers,signature-in-body}.test.ts',
  ),
  'core/src/claim': core('claim', 'receiver/{ordering,claiming,memory,mark-within}.test.ts'),
  'core/src/receiver': core(
    'receiver',
    'claim/{decisions,settle-by-mark}.test.ts',
    'queue/size.test.ts',
    'outcome/outcomes.test.ts',
    'worker/outcomes.test.ts',
    'journal/{arrivals,journal,ticket}.test.ts',
    'providers/vectors.test.ts',
    'signature/secrets.test.ts',
  ),
  'core/src/redaction': core(
    'redaction/{credential-names,credentials,neighbours,printable-json,printed-width,readings,redact-limits}.test.ts',
    'redaction/{secret-cutter,text-index}.test.ts',
    'outcome/outcomes.test.ts',
    'queue/queued-handler.test.ts',
  ),
  'core/src/queue': core('queue', 'receiver/hand-off.test.ts', 'worker'),
  'core/src/worker': core('worker', 'queue', 'receiver/hand-off.test.ts'),
  'core/src/event': core(
    'event',
    'claim/dedup-key.test.ts',
    'worker/outcomes.test.ts',
    'receiver/receiver.test.ts',
    'providers/{definition,documented-events,payloads}.test.ts',
  ),
  'core/src/delivery': core(
    'receiver/{receiver,claiming,deliveries,hand-off,mark-within}.test.ts',
    'queue/queued-handler.test.ts',
    'redaction/{credentials,neighbours}.test.ts',
    'journal/ticket.test.ts',
  ),
  'core/src/outcome': core('outcome', 'receiver/{receiver,claiming,final-refusals}.test.ts', 'worker/outcomes.test.ts'),
  'core/src/options': core(
    'options',
    'receiver/options.test.ts',
    'signature/secrets.test.ts',
    'documented-defaults.test.ts',
  ),
  'core/src/request': core('request', 'receiver/receiver.test.ts'),
  'core/src/providers': core('providers', 'event', 'receiver/{event-list,handshake,signature-in-body,steps}.test.ts'),
  'core/src/diagnose': core('diagnose'),
  'core/src/journal': core('journal', 'receiver/{deliveries,health}.test.ts', 'worker/{claim-job,claims}.test.ts'),
  'core/src/stores/memory': core('stores/memory', 'receiver/memory.test.ts'),
  // Also a real Redis, which takes milliseconds a test: nothing else tests its scripts.
  'core/src/stores/redis': core(
    'stores/redis/{redis-commands,redis-replies,before-redis-7}.test.ts',
    'stores/other-clients.test.ts',
  ),
  'core/src/stores/sql': core(
    'stores/sql/{batcher,before-migrate,dialect-store,mark-within,options,server-clock,sql-errors}.test.ts',
    'stores/sql/sqlite-*.test.ts',
    'stores/other-clients.test.ts',
  ),
  'express/src': ['packages/express/test/**/*.test.ts'],
  'koa/src': ['packages/koa/test/**/*.test.ts'],
  'fastify/src': ['packages/fastify/test/**/*.test.ts'],
  'bullmq/src': ['packages/bullmq/test/{in-memory,runs}.test.ts'],
  // Also a real pg-boss in PostgreSQL, without workers: nothing else tests its statements.
  'pg-boss/src': ['packages/pg-boss/test/{at-start,dead-letters,hand-off,job-table,redrive,runs,transaction}.test.ts'],
  'fetch/src': ['packages/fetch/test/**/*.test.ts'],
}

/**
 * Files that are not mutated, by folder. The statements of PostgreSQL and MySQL are tested only on their servers. Their tests
 * take 20 seconds, and a minute for a mistake that makes something wait.
 */
export const NOT_MUTATED = {
  'core/src/stores/sql': ['mysql-*.ts', 'postgres-*.ts', 'tagged-sql.ts'],
}

function core(...places) {
  return places.map((place) => `packages/core/test/${place.endsWith('.ts') ? place : `${place}/**/*.test.ts`}`)
}

/** The folder itself or the one above it that has tests. */
export function testsFor(folder) {
  const name = Object.keys(MUTANT_TESTS).find((name) => folder === name || folder.startsWith(`${name}/`))
  return MUTANT_TESTS[name] ?? []
}
