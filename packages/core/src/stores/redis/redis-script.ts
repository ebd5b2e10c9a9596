import { createHash } from 'node:crypto'

export interface RedisScript {
  readonly source: string
  /** The hash by which the server knows the script. */
  readonly sha1: string
}

const script = (source: string): RedisScript => ({ source, sha1: createHash('sha1').update(source).digest('hex') })

/** The value of a handled key. A claimed key holds its claim. */
export const DONE = 'done'

/** The results of `CLAIM` other than the remaining time of a lease. */
export const IS_CLAIMED = 0
export const IS_DONE = -1
/** The lease has ended, and the grace has not. */
export const HAS_ENDED = -2

/**
 * Claims a key. Arguments: the new claim, how long to keep it, how much of that follows the lease, and how long after its
 * end a lease is left to its holder. The claim may already exist, because a client that loses its connection before the
 * answer resends the command.
 */
export const CLAIM = script(`
local held = redis.call('GET', KEYS[1])
if held == '${DONE}' then return ${IS_DONE} end
if held and held ~= ARGV[1] then
  local leftMs = redis.call('PTTL', KEYS[1]) - ARGV[3]
  if leftMs > 0 then return leftMs end
  if leftMs > -ARGV[4] then return ${HAS_ENDED} end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ${IS_CLAIMED}`)

/** Marks a key as handled. Arguments: the claim, and the retention. */
export const COMPLETE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], '${DONE}', 'PX', ARGV[2])
return 1`)

/** Drops a claim. Argument: the claim. */
export const RELEASE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`)

/** Extends a lease. Arguments: the claim, and how long to keep it from now. */
export const EXTEND = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`)

/** Reads or raises a position. Optional arguments: a handled position, and the retention. Lua would round large numbers. */
export const POSITION = script(`
local newest = redis.call('GET', KEYS[1])
if ARGV[1] then
  if not newest or tonumber(ARGV[1]) > tonumber(newest) then newest = ARGV[1] end
  redis.call('SET', KEYS[1], newest, 'PX', ARGV[2])
end
return newest`)
