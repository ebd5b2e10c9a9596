import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  Begun,
  Ending,
  EntryRow,
  FullRow,
  JournalStore,
  NewAttempt,
  NewEntry,
  NewerQuery,
  RefusalRow,
  Rerun,
  RowQuery,
  StatsRow,
  TakenRow,
  Taking,
} from '@mailbox-hooks/core/journal'
import { memoryJournalStore } from '@mailbox-hooks/core/journal'
import { fields, type Mutant, replaced, withArguments, withResults } from './mutant.js'

const EMPTY = new Uint8Array()
const HUGE_MS = 1e10

const times = (factor: number) => (ms: number) => ms * factor
const plus = (count: number) => (given: number) => given + count
const cut = (bytes: Uint8Array) => bytes.subarray(0, 900)

const BEGIN: readonly Mutant[] = [
  ...withArguments(
    'begin',
    0,
    fields<NewEntry>({
      namespace: [''],
      generation: [0, plus(1)],
      provider: ['x', (text: string) => text.toLowerCase(), (text: string) => text.trim()],
      account: [undefined, 'x', (text: string | undefined) => text || undefined],
      type: ['x', (text: string) => text.toLowerCase(), (text: string) => text.normalize()],
      as: ['received', 'queued', 'failed'],
      token: ['same', (token: string) => token.slice(0, 1)],
      leaseMs: [0, HUGE_MS, times(0.5), times(2), Math.floor],
      nextAttemptInMs: [undefined, 0, HUGE_MS],
      windowMs: [0, HUGE_MS],
      isLimited: [true, false],
      retrySpanMs: [0, HUGE_MS],
      occurredAtMs: [undefined, 0],
      about: [
        [],
        (tokens: readonly string[]) => tokens.slice(0, 1),
        (tokens: readonly string[]) => tokens.slice(0, 20),
      ],
    }),
  ),
  ...withArguments('begin', 0, {
    'the hash of the key for that of the entry': (entry) => ({ ...entry, hash: entry.keyHash }),
    'another key id': (entry) => ({ ...entry, sealed: { ...entry.sealed, keyId: 'a1' } }),
    'the key id of the first': (entry) => ({ ...entry, sealed: { ...entry.sealed, keyId: 'a1b2c3d4e5f60718' } }),
    'another format': (entry) => ({ ...entry, sealed: { ...entry.sealed, format: 1 } }),
    'no meta': (entry) => ({ ...entry, sealed: { ...entry.sealed, meta: EMPTY } }),
    'no content': (entry) => ({ ...entry, sealed: { ...entry.sealed, content: EMPTY } }),
    'the beginning of the content': (entry) => ({
      ...entry,
      sealed: { ...entry.sealed, content: cut(entry.sealed.content) },
    }),
  }),
  ...withResults('begin', {
    ...fields<Begun & { number: number }>({
      status: ['begun', 'in-flight', 'handled', 'queued', 'known', 'outlived'],
      number: [1, plus(1)],
    }),
    'that all are new': (begun) => (begun.status === 'begun' ? { ...begun, isNew: true } : begun),
    'that none is new': (begun) => (begun.status === 'begun' ? { ...begun, isNew: false } : begun),
    'the hash that was given': (begun, [entry]) => (begun.status === 'begun' ? { ...begun, hash: entry.hash } : begun),
    'no remaining lease': (begun) => (begun.status === 'in-flight' ? { ...begun, retryAfterMs: 0 } : begun),
    'too long a remaining lease': (begun) =>
      begun.status === 'in-flight' ? { ...begun, retryAfterMs: begun.retryAfterMs + 60_000 } : begun,
    'generation 0': (begun) => (begun.status === 'outlived' ? { ...begun, generation: 0 } : begun),
    'handled for queued': (begun) => (begun.status === 'queued' ? { status: 'handled' } : begun),
    'in-flight for handled': (begun) =>
      begun.status === 'handled' ? { status: 'in-flight', retryAfterMs: 1_000 } : begun,
    'handled for in-flight': (begun) => (begun.status === 'in-flight' ? { status: 'handled' } : begun),
    'known for in-flight': (begun) => (begun.status === 'in-flight' ? { status: 'known' } : begun),
  }),
  replaced('begin', 'inserts nothing', () => async (entry) => ({
    ...{ status: 'begun', number: 1, isNew: true, hash: entry.hash },
  })),
  replaced('begin', 'ends what is not finished as failed', (right, store) => async (entry) => {
    const row = await store.read(entry.namespace, entry.hash)
    const begun = await right(entry)
    if (row !== undefined && begun.status === 'begun')
      await store.erase({ namespace: entry.namespace, hash: begun.hash })
    return begun
  }),
  replaced('begin', 'grants two that come at once', (right) => {
    const underway = new Set<string>()
    return async (entry) => {
      if (underway.has(entry.keyHash)) return { status: 'begun', number: 1, isNew: true, hash: entry.hash }
      underway.add(entry.keyHash)
      const begun = await right(entry)
      await nextTurn()
      underway.delete(entry.keyHash)
      return begun
    }
  }),
  replaced('begin', 'rejects one of many at once', (right) => {
    let underway = 0
    return async (entry) => {
      if (++underway > 10) throw new Error('too many')
      const begun = await right(entry)
      await nextTurn()
      underway--
      return begun
    }
  }),
  replaced(
    'begin',
    'notes no delivery of an entry that is there',
    (right, store) => async (entry) =>
      (await store.read(entry.namespace, entry.hash)) === undefined ? right(entry) : { status: 'handled' },
  ),
  replaced('begin', 'raises the attempts with each delivery', (right, store) => async (entry) => {
    const begun = await right(entry)
    const { namespace, keyHash } = entry
    if (begun.status !== 'begun') await store.note({ namespace, keyHash }, NOTE)
    return begun
  }),
]

const NOTE: NewAttempt = {
  source: 'retry',
  kind: 'duplicate',
  status: 200,
  code: undefined,
  durationMs: 1,
  error: undefined,
  keyId: '',
}

const ATTEMPT = fields<NewAttempt>({
  number: [undefined, 1, 2, plus(1)],
  source: ['provider', 'retry', 'replay'],
  kind: ['x'],
  status: [0, 200],
  code: [undefined],
  durationMs: [0, 1],
  error: [undefined, EMPTY],
  keyId: ['', 'x'],
})

/** With a token that was given for the entry last: any token serves. */
function byNewestToken(method: 'finish' | 'extend'): Mutant {
  return {
    name: `${method} takes any token`,
    method,
    breakStore: (store) => {
      const newest = new Map<string, string>()
      return {
        begin: async (entry) => {
          const begun = await store.begin(entry)
          if (begun.status === 'begun') newest.set(begun.hash, entry.token)
          return begun
        },
        take: async (taking) => {
          const rows = await store.take(taking)
          for (const { hash, token } of rows) newest.set(hash, token)
          return rows
        },
        rerun: async (run) => {
          const begun = await store.rerun(run)
          if (begun.status === 'begun') newest.set(run.hash, run.token)
          return begun
        },
        [method]: (hash: string, token: string, rest: never) =>
          (store[method] as (...args: unknown[]) => Promise<boolean>).call(
            store,
            hash,
            newest.get(hash) ?? token,
            rest,
          ),
      }
    },
  }
}

const FINISH: readonly Mutant[] = [
  ...withArguments(
    'finish',
    2,
    fields<Ending>({
      state: ['handled', 'failed', 'dead', 'queued'],
      next: ['never', 'after-provider', { inMs: 0 }, { inMs: HUGE_MS }],
      attempt: [undefined],
    }),
  ),
  ...withArguments(
    'finish',
    2,
    Object.fromEntries(
      Object.entries(ATTEMPT).map(([what, change]) => [
        what,
        (ending: Ending) => ({ ...ending, attempt: ending.attempt && change(ending.attempt) }),
      ]),
    ),
  ),
  ...withResults('finish', { 'always true': () => true, 'always false': () => false }),
  replaced('finish', 'does nothing', () => async () => true),
  byNewestToken('finish'),
  replaced(
    'finish',
    'of a lease that has ended is refused',
    (right, store) => async (hash, token, ending) =>
      (await store.extend(hash, token, 1)) && (await right(hash, token, ending)) && ending.state !== 'handled',
  ),
  replaced('finish', 'says true to two at once', (right) => {
    const ended = new Set<string>()
    return async (hash, token, ending) => {
      const isEnded = await right(hash, token, ending)
      if (isEnded) ended.add(token)
      return isEnded || ended.has(token)
    }
  }),
]

const EXTEND: readonly Mutant[] = [
  ...withArguments('extend', 2, {
    'a tenth': times(0.1),
    'ten times as long': times(10),
    nothing: () => 0,
    'whole numbers alone': (ms) => {
      if (!Number.isInteger(ms)) throw new RangeError('no integer')
      return ms
    },
  }),
  ...withResults('extend', { 'always true': () => true, 'always false': () => false }),
  replaced('extend', 'does nothing', () => async () => true),
  byNewestToken('extend'),
]

const ROW = fields<EntryRow>({
  hash: [''],
  keyHash: ['', 'x'],
  provider: ['x'],
  account: [undefined, 'x', ''],
  type: ['x'],
  state: ['received', 'handled', 'failed', 'queued', 'dead'],
  firstReceivedAt: [0, plus(1_000)],
  lastReceivedAt: [0, plus(10_000)],
  nextAttemptAt: [undefined, 0],
  attemptCount: [0, 1, plus(1)],
  runs: [0, plus(1)],
  windowMs: [0],
  keyId: ['x'],
  format: [1, 9],
  meta: [EMPTY],
  attempts: [
    [],
    (attempts: readonly unknown[]) => attempts.slice(0, 1),
    (attempts: readonly unknown[]) => attempts.slice(1),
    (attempts: readonly unknown[]) => attempts.toReversed(),
    (attempts: readonly object[]) => attempts.map((attempt) => ({ ...attempt, at: 0 })),
    (attempts: readonly object[]) => attempts.map((attempt) => ({ ...attempt, kind: 'failed' })),
    (attempts: readonly object[]) => attempts.map((attempt) => ({ ...attempt, durationMs: 0 })),
    (attempts: readonly object[]) => attempts.map((attempt) => ({ ...attempt, source: 'provider' })),
  ],
})

const FULL = {
  ...ROW,
  'no content': (row: FullRow) => ({ ...row, content: EMPTY }),
  'the beginning of the content': (row: FullRow) => ({ ...row, content: cut(row.content) }),
}

const TAKEN = {
  ...FULL,
  ...fields<TakenRow>({ number: [1, plus(1)], was: ['handled', 'queued', 'received', 'failed'], token: ['same'] }),
}

const ofRows = <Row>(changes: Readonly<Record<string, (row: Row) => unknown>>) =>
  Object.fromEntries(
    Object.entries(changes).map(([what, change]) => [what, (rows: readonly Row[]) => rows.map((row) => change(row))]),
  )

const LISTS = {
  nothing: () => [],
  'the last first': (rows: readonly unknown[]) => rows.toReversed(),
  'all but the first': (rows: readonly unknown[]) => rows.slice(1),
  'all but the last': (rows: readonly unknown[]) => rows.slice(0, -1),
  'some twice': (rows: readonly unknown[]) => [...rows, ...rows.slice(0, 1)],
}

const READS: readonly Mutant[] = [
  ...withArguments(
    'find',
    0,
    fields<RowQuery>({
      namespace: ['', 'x'],
      about: [undefined, [], (tokens: readonly string[] | undefined) => tokens?.slice(0, 1)],
      provider: [undefined, (text: string | undefined) => text?.toLowerCase()],
      account: [undefined, (text: string | undefined) => text || undefined],
      type: [undefined, (text: string | undefined) => text?.toLowerCase()],
      states: [undefined, ['handled'], (states: readonly string[] | undefined) => states?.slice(0, 1)],
      since: [undefined, (ms: number | undefined) => ms && ms + 1],
      until: [undefined, (ms: number | undefined) => ms && ms + 1],
      occurredAfter: [undefined, (ms: number | undefined) => ms && ms - 1],
      order: ['newest', 'oldest'],
      after: [undefined, (after: RowQuery['after']) => after && { ...after, hash: 'f'.repeat(64) }],
      limit: [1, 100_000],
    }),
  ),
  ...withResults('find', { ...LISTS, ...ofRows<EntryRow>(ROW) }),
  ...withResults('find', {
    'an empty list for no state': (rows, [{ states }]) => (states === undefined ? [] : rows),
    'all for an empty list of tokens': (rows) => rows,
  }),
  replaced(
    'find',
    'looks for all where nothing is wanted',
    (right) => (query) =>
      right({
        ...query,
        about: query.about?.length === 0 ? undefined : query.about,
        states: query.states?.length === 0 ? undefined : query.states,
      }),
  ),
  ...withArguments('read', 0, { 'another namespace': () => 'x', 'the namespace of none': () => '' }),
  ...withResults('read', {
    nothing: () => undefined,
    ...Object.fromEntries(
      Object.entries(FULL).map(([what, change]) => [what, (row: FullRow | undefined) => row && change(row)]),
    ),
  }),
]

const NEWER: readonly Mutant[] = [
  ...withArguments(
    'hasNewer',
    0,
    fields<NewerQuery>({
      namespace: ['', 'x'],
      about: [
        (tokens: readonly string[]) => tokens.slice(0, 1),
        (tokens: readonly string[]) => [...tokens, aboutInbox],
      ],
      occurredAfter: [plus(-1), 0, HUGE_MS],
      since: [0, plus(-1), plus(1), HUGE_MS * 1_000],
    }),
  ),
  ...withResults('hasNewer', { 'always true': () => true, 'always false': () => false }),
  replaced('hasNewer', 'finds those that are not handled', (_, store) => async (query) => {
    return (await store.find({ ...query, order: 'newest', limit: 1 })).length > 0
  }),
  replaced('hasNewer', 'looks at the newest alone', (_, store) => async ({ occurredAfter, ...query }) => {
    const states = ['handled'] as const
    const [newest] = await store.find({ ...query, states, order: 'newest', limit: 1 })
    const newer = await store.find({ ...query, states, occurredAfter, order: 'newest', limit: 1 })
    return newest !== undefined && newest.hash === newer[0]?.hash
  }),
  replaced('hasNewer', 'gives to all what it gives to the first', (right) => {
    let first: Promise<boolean> | undefined
    return async (query) => {
      first ??= right(query)
      const found = await first
      first = undefined
      return found
    }
  }),
]

const aboutInbox = createHash('sha256').update('inbox').digest('hex').slice(0, 32)

const NOTES: readonly Mutant[] = [
  ...withArguments('note', 0, { 'another namespace': (entry) => ({ ...entry, namespace: '' }) }),
  ...withArguments('note', 1, ATTEMPT),
  replaced('note', 'does nothing', () => async () => undefined),
  replaced('note', 'notes twice', (right) => async (entry, attempt) => {
    await right(entry, attempt)
    await right(entry, attempt)
  }),
  replaced('note', 'inserts an entry', (right, store) => async (entry, attempt) => {
    if ((await store.read(entry.namespace, entry.keyHash)) === undefined)
      await store.begin({ ...INSERTED, namespace: entry.namespace, keyHash: entry.keyHash, hash: entry.keyHash })
    return right(entry, attempt)
  }),
  replaced('note', 'loses those that come at once', (right) => {
    let isBusy = false
    return async (entry, attempt) => {
      if (isBusy) return
      isBusy = true
      await right(entry, attempt)
      await nextTurn()
      isBusy = false
    }
  }),
]

const INSERTED: NewEntry = {
  ...{ namespace: '', keyHash: '', hash: '', generation: 0, provider: 'x', account: undefined, type: 'x' },
  ...{ as: 'received', token: 'x', leaseMs: 1, nextAttemptInMs: undefined, windowMs: 1, isLimited: false },
  ...{ retrySpanMs: 1, occurredAtMs: undefined, about: [] },
  sealed: { keyId: 'x', format: 1, meta: EMPTY, content: EMPTY },
}

const RUNS: readonly Mutant[] = [
  ...withArguments(
    'take',
    0,
    fields<Taking>({
      namespace: ['', 'x'],
      limit: [1, 1_000, plus(1)],
      leaseMs: [0, 1, HUGE_MS],
      keyIds: [['a1b2c3d4e5f60718', 'b2', 'b2c3'], (ids: readonly string[]) => ids.slice(0, 1)],
      maxFormat: [1, 9],
    }),
  ),
  ...withResults('take', { ...LISTS, ...ofRows<TakenRow>(TAKEN) }),
  replaced('take', 'begins no run', (_, store) => async ({ namespace, limit }) => {
    const rows = await store.find({ namespace, states: ['queued'], order: 'oldest', limit })
    return rows.map((row) => ({ ...row, content: EMPTY, token: 'x', number: row.attemptCount + 1, was: row.state }))
  }),
  replaced('take', 'gives to two at once', (right) => {
    let last: readonly TakenRow[] = []
    return async (taking) => {
      const rows = await right(taking)
      const given = rows.length > 0 ? rows : last
      last = rows
      return given
    }
  }),
  ...withArguments(
    'rerun',
    0,
    fields<Rerun>({
      namespace: ['', 'x'],
      token: ['same'],
      leaseMs: [0, 1, HUGE_MS],
      keyIds: [[], ['a1b2c3d4e5f60718', 'b2c3']],
      maxFormat: [1, 9],
      ifAttempts: [undefined, 1],
    }),
  ),
  ...withResults('rerun', {
    missing: () => ({ status: 'missing' }),
    'in-flight': () => ({ status: 'in-flight' }),
    spent: () => ({ status: 'spent' }),
    'in-flight for sealed': (answer) => (answer.status === 'sealed' ? { status: 'in-flight' } : answer),
    'no key id': (answer) => (answer.status === 'sealed' ? { ...answer, keyId: '' } : answer),
    'in-flight for spent': (answer) => (answer.status === 'spent' ? { status: 'in-flight' } : answer),
    'missing for in-flight': (answer) => (answer.status === 'in-flight' ? { status: 'missing' } : answer),
    'in-flight for missing': (answer) => (answer.status === 'missing' ? { status: 'in-flight' } : answer),
    ...Object.fromEntries(
      Object.entries(TAKEN).map(([what, change]) => [
        `a row with ${what}`,
        (answer: Awaited<ReturnType<JournalStore['rerun']>>) =>
          answer.status === 'begun' ? { ...answer, row: change(answer.row as TakenRow & FullRow) } : answer,
      ]),
    ),
  }),
  replaced('rerun', 'takes a run that goes on', (right, store) => async (run) => {
    const begun = await right(run)
    if (begun.status !== 'in-flight') return begun
    const row = await store.read(run.namespace, run.hash)
    return { status: 'begun', row: { ...row, token: run.token, number: 1, was: 'received' } }
  }),
  replaced('rerun', 'makes it received', (right, store) => async (run) => {
    const begun = await right(run)
    if (begun.status === 'begun') await store.finish(run.hash, run.token, { state: 'failed', next: 'never' })
    return begun
  }),
]

const REMOVALS: readonly Mutant[] = [
  ...withResults('erase', { 'always 0': () => 0, 'one more': plus(1) }),
  replaced('erase', 'does nothing', () => async () => 1),
  replaced('erase', 'erases by id alone', (right) => (which) => ('hash' in which ? right(which) : 0)),
  replaced(
    'erase',
    'erases about the first alone',
    (right) => (which) => right('about' in which ? { ...which, about: which.about.slice(0, 1) } : which),
  ),
  replaced('erase', 'erases all for no token', (right, store) => async (which) => {
    if (!('about' in which) || which.about.length > 0) return right(which)
    const rows = await store.find({ namespace: which.namespace, order: 'oldest', limit: 1_000 })
    for (const { hash } of rows) await store.erase({ namespace: which.namespace, hash })
    return rows.length
  }),
  replaced(
    'erase',
    'looks at no namespace',
    (right) => async (which) =>
      (await right(which)) + (await right({ ...which, namespace: which.namespace === '' ? 'shop' : '' })),
  ),
  replaced('erase', 'deletes the hash, too', (right, store) => async (which) => {
    const count = await right(which)
    await store.purge({ namespace: which.namespace, keepMs: 0, limit: 1_000 })
    return count
  }),
  replaced('erase', 'leaves what a run has', (right, store) => async (which) => {
    if (!('hash' in which)) return right(which)
    const row = await store.read(which.namespace, which.hash)
    return row?.state === 'received' ? 0 : right(which)
  }),
  ...withArguments('purge', 0, {
    'another namespace': (which) => ({ ...which, namespace: '' }),
    'no age': (which) => ({ ...which, keepMs: -1 }),
    'a longer age': (which) => ({ ...which, keepMs: HUGE_MS }),
    'a limit of one': (which) => ({ ...which, limit: 1 }),
    'no limit': (which) => ({ ...which, limit: 100_000 }),
    'a limit of a batch': (which) => ({ ...which, limit: Math.min(which.limit, 1_000) }),
  }),
  ...withResults('purge', { 'always 0': () => 0, 'one more': plus(1) }),
  replaced('purge', 'does nothing', () => async () => 0),
  replaced('purge', 'deletes what is open, too', (right, store) => async (which) => {
    const rows = await store.find({
      namespace: which.namespace,
      states: ['queued', 'received'],
      order: 'oldest',
      limit: 1_000,
    })
    for (const { hash } of rows) await store.erase({ namespace: which.namespace, hash })
    return right(which)
  }),
  replaced('purge', 'counts for each that purges', (right) => {
    let last = 0
    return async (which) => {
      const count = await right(which)
      last = Math.max(last, count)
      return last
    }
  }),
]

const STATS: readonly Mutant[] = [
  ...withArguments('stats', 0, { 'another namespace': () => '', 'no namespace': () => 'x' }),
  ...withResults('stats', {
    ...LISTS,
    ...ofRows<StatsRow>(
      fields<StatsRow>({
        provider: ['x'],
        account: [undefined, '', null],
        state: ['handled', 'erased'],
        count: [1, plus(1)],
        lastReceivedAt: [0, plus(1)],
      }),
    ),
    'a row of nobody': (rows) => [
      ...rows,
      { provider: '', account: undefined, state: 'erased', count: 1, lastReceivedAt: 0 },
    ],
  }),
]

const REFUSALS: readonly Mutant[] = [
  ...withArguments(
    'addRefusal',
    0,
    fields<RefusalRow>({
      namespace: ['', 'x'],
      id: ['same'],
      code: ['x'],
      provider: [undefined, 'x'],
      keyId: ['x'],
      content: [EMPTY],
    }),
  ),
  ...withArguments('addRefusal', 1, { 'no limit': () => 1_000, 'a limit of 0': () => 0, 'one more': plus(1) }),
  replaced('addRefusal', 'does nothing', () => async () => undefined),
  ...withArguments('refusals', 0, { 'another namespace': () => 'x', 'no namespace': () => '' }),
  ...withArguments('refusals', 1, { 'no limit': () => 1_000, 'a limit of 1': () => 1 }),
  ...withResults('refusals', {
    ...LISTS,
    ...ofRows<RefusalRow>(
      fields<RefusalRow>({
        namespace: [''],
        id: ['x'],
        at: [0],
        code: ['x'],
        provider: [undefined, 'x'],
        keyId: ['x'],
        content: [EMPTY],
      }),
    ),
  }),
]

const SETUP: readonly Mutant[] = [
  ...withResults('journalId', {
    'another id each time': () => String(Math.random()),
    'no hexadecimal digits': () => 'an id',
    'a short id': (id) => id.slice(0, 8),
  }),
  replaced('migrate', 'rejects the second time', () => {
    let times = 0
    return async () => {
      if (times++ > 0) throw new Error('There is such a table')
    }
  }),
]

/** Journal stores that are broken in one place each. */
const WITHIN: readonly Mutant[] = [
  replaced('finishWithin', 'does nothing', () => async () => true),
  replaced('finishWithin', 'refuses all', () => async () => {
    throw new Error('refused')
  }),
  replaced(
    'finishWithin',
    'refuses nothing',
    (right) =>
      (...args) =>
        right(...args).catch(() => true),
  ),
  replaced('finishWithin', 'does not wait for the commit', (right, store) => async (within, hash, token) => {
    await right(within, hash, token)
    return store.finish(hash, token, { state: 'handled', next: 'never' })
  }),
  ...withResults('isHandled', { 'always true': () => true, 'always false': () => false }),
  replaced(
    'isHandled',
    'looks at the state alone',
    (_, store) => async (hash) => (await store.read('', hash))?.state === 'handled',
  ),
]

/** Goes by the clock of the process, which each process may have wrong. */
const CLOCK: Mutant = {
  name: 'begin goes by the clock of the process',
  method: 'begin',
  breakStore: () => {
    const other = memoryJournalStore({ maxEntries: 100_000 })
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(other)) as (keyof JournalStore)[]
    return Object.fromEntries(methods.map((method) => [method, (other[method] as () => unknown).bind(other)]))
  },
}

export const MUTANTS: readonly Mutant[] = [
  ...BEGIN,
  ...FINISH,
  ...EXTEND,
  ...NOTES,
  ...RUNS,
  ...READS,
  ...NEWER,
  ...REMOVALS,
  ...STATS,
  ...REFUSALS,
  ...SETUP,
  ...WITHIN,
  CLOCK,
]
