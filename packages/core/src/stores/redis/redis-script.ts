import { createHash } from 'node:crypto'

export interface RedisScript {
  readonly source: string
  /** The name under which the server knows it. */
  readonly sha1: string
}

const script = (source: string): RedisScript => ({ source, sha1: createHash('sha1').update(source).digest('hex') })

/** What a key holds once its event is handled. While it is claimed, it holds its claim. */
export const DONE = 'done'

/** What `CLAIM` returns in place of the time that is left. */
export const IS_CLAIMED = 0
export const IS_DONE = -1

/**
 * Arguments: the new claim, how long to keep it, and how much of that comes after the lease. The claim may be there
 * already: a client that loses its connection before the answer sends the command again.
 */
export const CLAIM = script(`
local held = redis.call('GET', KEYS[1])
if held == '${DONE}' then return ${IS_DONE} end
if held and held ~= ARGV[1] then
  local leftMs = redis.call('PTTL', KEYS[1]) - ARGV[3]
  if leftMs > 0 then return leftMs end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ${IS_CLAIMED}`)

/** Arguments: the claim, and the retention. */
export const COMPLETE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], '${DONE}', 'PX', ARGV[2])
return 1`)

/** Argument: the claim. */
export const RELEASE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`)

/** Arguments: the claim, and how long to keep it from now. */
export const EXTEND = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`)

/** Arguments, if any: a handled position, and the retention. Positions stay texts: Lua would round large ones. */
export const POSITION = script(`
local newest = redis.call('GET', KEYS[1])
if ARGV[1] then
  if not newest or tonumber(ARGV[1]) > tonumber(newest) then newest = ARGV[1] end
  redis.call('SET', KEYS[1], newest, 'PX', ARGV[2])
end
return newest`)
