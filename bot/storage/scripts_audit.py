"""The Lua scripts that write a deed of people together with its entry in the audit trail. As all
scripts (see `scripts`) each touches one slot and is safe to run twice with the same arguments."""

from typing import Final

from bot.storage import keys

# An entry of the audit trail with the deed it tells of; an empty one is none. Its text is the same
# whenever it is written again, and then it keeps the time of the first.
AUDIT: Final = f"""
local function audit(log, entry, at)
  if entry == '' or redis.call('ZADD', log, 'NX', at, entry) == 0 then return end
  redis.call('ZREMRANGEBYRANK', log, 0, -{keys.AUDIT_KEPT + 1})
  redis.call('ZREMRANGEBYSCORE', log, '-inf', tonumber(at) - {keys.AUDIT * 1000})
  if redis.call('TTL', log) < {keys.AUDIT - 24 * 60 * 60} then
    redis.call('EXPIRE', log, {keys.AUDIT})
  end
end
"""

# KEYS log; ARGV entry, at_ms
NOTE = (
    AUDIT
    + """
audit(KEYS[1], ARGV[1], ARGV[2])
return 1
"""
)

# KEYS sellers, log; ARGV user id, seller ('' for one no longer), entry, at_ms
SELLER = (
    AUDIT
    + """
if ARGV[2] == '' then redis.call('HDEL', KEYS[1], ARGV[1])
else redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
audit(KEYS[2], ARGV[3], ARGV[4])
return 1
"""
)

# KEYS invite, log; ARGV lifetime s, entry, at_ms, field, value, ...
INVITE = (
    AUDIT
    + """
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
redis.call('EXPIRE', KEYS[1], ARGV[1])
audit(KEYS[2], ARGV[2], ARGV[3])
return 1
"""
)

# KEYS invite, sellers, log; ARGV user id, seller, entry, at_ms
# -> 1 admitted (now or before), 0 unknown or used up.
# Its own user is admitted by a repetition only while nobody removed them.
REDEEM = (
    AUDIT
    + """
local invite = redis.call('HMGET', KEYS[1], 'by', 'used')
if not invite[1] then return 0 end
if invite[2] then
  if invite[2] == ARGV[1] then return redis.call('HEXISTS', KEYS[2], ARGV[1]) end
  return 0
end
redis.call('HSET', KEYS[1], 'used', ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
audit(KEYS[3], ARGV[3], ARGV[4])
return 1
"""
)

# KEYS aside, parked, log; ARGV update id, entry, at_ms -> 1 parked (now or by an earlier
# sending of this very call), 0 it is not there
FEED = (
    AUDIT
    + """
local raw = redis.call('HGET', KEYS[1], ARGV[1])
if not raw then return redis.call('HEXISTS', KEYS[2], ARGV[1]) end
redis.call('HSET', KEYS[2], ARGV[1], raw)
redis.call('HDEL', KEYS[1], ARGV[1])
audit(KEYS[3], ARGV[2], ARGV[3])
return 1
"""
)

# KEYS aside, log; ARGV update id, entry, at_ms -> 1 dropped, 0 it was not there
DROP = (
    AUDIT
    + """
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
audit(KEYS[2], ARGV[2], ARGV[3])
return 1
"""
)
