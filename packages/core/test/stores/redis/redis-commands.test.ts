import { createHash } from 'node:crypto'
import { type RedisClientLike, redisStore } from '@mailbox-hooks/core/redis'
import { describe, expect, it } from 'vitest'
import { receiving } from '../sql/receiving.js'

// Without a server: what each library is asked, and what its errors are taken for.

const ABOUT = { provider: 'openmail', type: 'message.received' }
const DAY_MS = 24 * 3600_000
type Answer = (...args: unknown[]) => unknown
const ok: Answer = () => null

/** Clients of each library that note their commands; `answer` says what these resolve to, or throws. */
function clients(answer: Answer = ok) {
  const commands: unknown[][] = []
  const noting =
    (name: string) =>
    async (...args: unknown[]) => {
      commands.push([name, ...args])
      return answer(name, ...args)
    }
  const [set, run, sha, shaInLower] = [noting('set'), noting('eval'), noting('evalSha'), noting('evalsha')]
  return {
    commands,
    redis: { set, eval: run, evalSha: sha } as unknown as RedisClientLike,
    ioredis: { set, eval: run, evalsha: shaInLower } as unknown as RedisClientLike,
    upstash: { set, eval: run, evalsha: shaInLower, createScript() {} } as unknown as RedisClientLike,
  }
}

const LIBRARIES = ['redis', 'ioredis', 'upstash'] as const
const NOSCRIPT = 'NOSCRIPT No matching script. Please use EVAL.'
const isScript = expect.stringMatching(/^\nif redis\.call\('GET', KEYS\[1\]\) ~= ARGV\[1\] then return 0 end\n/)
const KEY = 'mailbox-hooks:event:evt_1'

describe('a claim', () => {
  it.each<[(typeof LIBRARIES)[number], unknown[]]>([
    ['redis', [{ NX: true, PX: DAY_MS + 16, GET: true }]],
    ['ioredis', ['PX', DAY_MS + 16, 'NX', 'GET']],
    ['upstash', [{ nx: true, px: DAY_MS + 16, get: true }]],
  ])('is one SET by %s, for a whole number of milliseconds', async (library, options) => {
    const { commands, ...all } = clients()
    const claim = await redisStore(all[library]).claim('evt_1', 15.5, ABOUT)
    expect(claim).toEqual({ status: 'claimed', token: expect.any(String) })
    const { token } = claim as { token: string }
    expect(commands).toEqual([['set', KEY, `claimed:${token}`, ...options]])
  })

  it.each<[string, string, string]>([
    ['', 'evt_1', 'event:evt_1'],
    ['shop:', 'evt_1', 'shop:event:evt_1'],
    // A lone surrogate has no UTF-8: all of them would become the same character.
    ['', 'evt_\ud800', 'event-json:"evt_\\ud800"'],
  ])('has a key of its prefix %j and its name', async (prefix, name, key) => {
    const { commands, redis } = clients()
    await redisStore(redis, { prefix }).claim(name, 15, ABOUT)
    expect(commands[0]?.[1]).toBe(key)
  })

  it.each<[unknown, object]>([
    ['done', { status: 'done' }],
    [Buffer.from('done'), { status: 'done' }],
  ])('of a handled key is a duplicate: %s', async (held, claim) => {
    const { redis } = clients(() => held)
    expect(await redisStore(redis).claim('evt_1', 15, ABOUT)).toEqual(claim)
  })

  it.each<[unknown, object]>([
    [7, { status: 'in-flight', retryAfterMs: 7 }],
    [0, { status: 'claimed', token: expect.any(String) }],
    [-1, { status: 'done' }],
  ])('of a claimed key is made by a script, which answers %j', async (left, claim) => {
    const { commands, redis } = clients((name) => (name === 'set' ? 'claimed:other' : left))
    expect(await redisStore(redis).claim('evt_1', 15, ABOUT)).toEqual(claim)
    const [[, , token] = []] = commands
    const lengths = [DAY_MS + 15, DAY_MS, 2 * DAY_MS].map(String)
    expect(commands[1]?.[2]).toEqual({ keys: [KEY], arguments: [token, ...lengths] })
  })

  it('of a lease that has just ended is made once more, with the grace of an outage', async () => {
    const { commands, redis } = clients((name) => (name === 'set' ? 'claimed:other' : -2))
    const claim = await redisStore(redis).claim('evt_1', 15, ABOUT)
    expect(claim).toEqual({ status: 'in-flight', retryAfterMs: expect.any(Number) })
    expect((claim as { retryAfterMs: number }).retryAfterMs).toBeGreaterThanOrEqual(1)
    expect(commands.length).toBeGreaterThanOrEqual(2)
  })
})

describe('the other commands', () => {
  it.each(LIBRARIES)('are scripts by %s, known by their hash', async (library) => {
    const { commands, ...all } = clients(() => 1)
    const store = redisStore(all[library])
    expect(await store.complete('evt_1', 'token', 0.5)).toBe(true)
    const [[name, script, ...args] = []] = commands
    const sent: Record<typeof library, unknown[]> = {
      redis: ['evalSha', { keys: [KEY], arguments: ['claimed:token', '1'] }],
      ioredis: ['evalsha', 1, KEY, 'claimed:token', '1'],
      upstash: ['eval', [KEY], ['claimed:token', '1']],
    }
    expect([name, ...args]).toEqual(sent[library])
    expect(script).toEqual(library === 'upstash' ? isScript : expect.stringMatching(/^[0-9a-f]{40}$/))
  })

  it.each(['redis', 'ioredis'] as const)(
    'are sent whole by %s to a server that has forgotten them',
    async (library) => {
      const { commands, ...all } = clients((name) => {
        if (String(name).toLowerCase() === 'evalsha') throw new Error(NOSCRIPT)
        return 1
      })
      expect(await redisStore(all[library]).release('evt_1', 'token')).toBe(true)
      expect(commands.map(([name]) => name)).toEqual([library === 'redis' ? 'evalSha' : 'evalsha', 'eval'])
      const [, [, source, ...whole] = []] = commands
      expect(source).toEqual(isScript)
      expect(createHash('sha1').update(String(source)).digest('hex')).toBe(commands[0]?.[1])
      expect(whole).toEqual(
        library === 'redis' ? [{ keys: [KEY], arguments: ['claimed:token'] }] : [1, KEY, 'claimed:token'],
      )
    },
  )

  it('are not sent twice after any other error', async () => {
    const { commands, redis } = clients(() => {
      throw new Error('ERR planted')
    })
    await expect(redisStore(redis).release('evt_1', 'token')).rejects.toThrow('ERR planted')
    expect(commands).toHaveLength(1)
  })

  it.each([
    ['complete', 1, true],
    ['complete', 0, false],
    ['release', '1', true],
    ['release', '0', false],
    ['extend', 1, true],
    ['extend', 0, false],
  ] as const)('%s says whether the token held: %j', async (name, reply, is) => {
    const { redis } = clients(() => reply)
    expect(await redisStore(redis)[name]('evt_1', 'token', 5)).toBe(is)
  })

  it.each([
    [null, undefined],
    ['7.5', 7.5],
    [7, 7],
  ])('read a position: %j', async (reply, position) => {
    const { commands, redis } = clients(() => reply)
    const store = redisStore(redis)
    expect(await store.position?.('inbox_1')).toBe(position)
    await store.position?.('inbox_1', { at: 7.25, retentionMs: 0.5 })
    const asked = commands.map(([, , input]) => input)
    const keys = ['mailbox-hooks:entity:inbox_1']
    expect(asked).toEqual([
      { keys, arguments: [] },
      { keys, arguments: ['7.25', '1'] },
    ])
  })

  it.each([undefined, null, 'QUEUED', {}])('refuse a reply that is none: %j', async (reply) => {
    const { redis } = clients(() => reply)
    await expect(redisStore(redis).release('evt_1', 'token')).rejects.toThrow(
      /a reply that the store cannot read.*MULTI/,
    )
  })

  it('join no transaction', async () => {
    const { commands, redis } = clients()
    const completed = redisStore(redis).complete('evt_1', 'token', 5, { within: {} })
    await expect(completed).rejects.toThrow('redisStore cannot join a transaction: call complete() without within')
    expect(commands).toEqual([])
  })
})

describe('an error of a client or of the server', () => {
  const messageOf = async (error: unknown) => {
    const { redis } = clients(() => {
      throw error
    })
    const { answerTo, outcomes } = receiving(redisStore(redis))
    await answerTo('evt_1')
    return outcomes[0]?.message
  }
  const withCode = (code: string) => Object.assign(new Error('planted'), { code })

  it.each<[string, unknown, string]>([
    ...[
      'The client is closed',
      'The client is offline',
      'Connection is closed.',
      "Stream isn't writeable and enableOfflineQueue options is false",
      'Reached the max retries per request limit',
      'connect ECONNREFUSED 127.0.0.1:6379',
      'fetch failed',
    ].map((message): [string, unknown, string] => [message, new Error(message), ' Is the client connected?']),
    ['a code', withCode('ECONNREFUSED'), ' (ECONNREFUSED). Is the client connected?'],
    ['READONLY', new Error("READONLY You can't write"), ' The server is a read-only replica.'],
    ['NOREPLICAS', new Error('NOREPLICAS Not enough'), ' Too few replicas are connected (min-replicas-to-write).'],
    ['OOM', new Error('OOM command not allowed'), " The server's memory is full."],
    ['OOM of upstash', new Error('Command failed: OOM command not allowed'), " The server's memory is full."],
    ['NOPERM', new Error('NOPERM this user'), ' May the client run SET, GET, DEL, PTTL, PEXPIRE, EVAL and EVALSHA?'],
    ['NOAUTH', new Error('NOAUTH Authentication required.'), ' Does the client have a password?'],
    ['WRONGPASS', new Error('WRONGPASS invalid'), ' Is the password or token of the client right?'],
    ['MOVED', new Error('MOVED 1 127.0.0.1:7001'), ' The server is a node of a cluster. Pass a client of the cluster.'],
    ['CLUSTERDOWN', new Error('CLUSTERDOWN Hash slot'), ' The cluster has no master for this key.'],
    ['another one', new Error('a text about READONLY'), ''],
    ['no error', 'a text', ''],
  ])('tells the operator what to look into: %s', async (_what, error, advice) => {
    const message = await messageOf(error)
    expect(message).toBe(`The store failed${advice.startsWith(' (') ? advice : `.${advice}`}`)
  })

  it('that is a syntax error is taken for a server before Redis 7, once', async () => {
    const { commands, redis } = clients((name) => {
      if (name === 'set') throw new Error('ERR syntax error')
      return 0
    })
    const store = redisStore(redis)
    await store.claim('evt_1', 15, ABOUT)
    await store.claim('evt_2', 15, ABOUT)
    expect(commands.map(([name]) => name)).toEqual(['set', 'evalSha', 'evalSha'])
  })
})

describe('what is no client', () => {
  const set = () => {}
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no method set', { eval: set, evalSha: set }],
    ['no method eval', { set, evalSha: set }],
    ['neither evalSha nor evalsha', { set, eval: set }],
    ['other properties', { set: 1, eval: set, evalsha: set }],
  ])('is refused at start: %s', (_what, client) => {
    const create = () => redisStore(client as RedisClientLike)
    expect(create).toThrow(TypeError)
    expect(create).toThrow(
      'redisStore: pass a client of redis (4 or later), ioredis or @upstash/redis, e.g. redisStore(await createClient().connect())',
    )
  })
})
