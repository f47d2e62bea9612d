"""The Lua scripts. Each touches one slot and is safe to run twice with the same arguments:
redis-py sends a command again whose reply was lost.

Lease fields of a record: `lo` owner token, `lu` until (ms). A released lease keeps its owner
without `lu`, so that a repeated release is still recognised. An owner token begins with the boot id
of its process; where the store is our own (one process), a lease of another boot is void.
"""

from bot.storage.scripts_audit import AUDIT

_VALID_LEASE = """
local function leased(record, owner, now, boot)
  local held = redis.call('HMGET', record, 'lo', 'lu')
  if not held[1] or held[1] == owner then return false end
  if boot ~= '' and string.sub(held[1], 1, #boot) ~= boot then return false end
  return tonumber(held[2] or '0') > now
end
"""

# KEYS record, due, log; ARGV id, owner, until_ms, entry, at_ms, field, value, ...
# -> 1 written (now or by an earlier sending of this very call), 0 there already
INTENT = (
    AUDIT
    + """
if redis.call('EXISTS', KEYS[1]) == 1 then
  if redis.call('HGET', KEYS[1], 'lo') == ARGV[2] then return 1 end
  return 0
end
redis.call('HSET', KEYS[1], 'lo', ARGV[2], 'lu', ARGV[3], unpack(ARGV, 6))
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
audit(KEYS[3], ARGV[4], ARGV[5])
return 1
"""
)

# KEYS record, due; ARGV id, owner, now_ms, until_ms, boot
# -> the record as a flat list, or nothing when it is unknown or leased by another
LEASE = (
    _VALID_LEASE
    + """
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
if leased(KEYS[1], ARGV[2], tonumber(ARGV[3]), ARGV[5]) then return {} end
redis.call('HSET', KEYS[1], 'lo', ARGV[2], 'lu', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
return redis.call('HGETALL', KEYS[1])
"""
)

# KEYS due; ARGV record prefix, owner, now_ms, until_ms, boot, due_before_ms, most
# -> {id, flat record, id, flat record, ...}; a due entry without a record is put off, never taken
# off: while a slot moves to another node of a cluster, the record may still be at the old one
# An owner token serves one call: records that bear it were taken by an earlier sending of this one.
TAKE_DUE = (
    _VALID_LEASE
    + """
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[4], ARGV[4])) do
  local record = ARGV[1] .. id
  if redis.call('HGET', record, 'lo') == ARGV[2] then
    taken[#taken + 1] = id
    taken[#taken + 1] = redis.call('HGETALL', record)
  end
end
if #taken > 0 then return taken end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[6], 'LIMIT', 0, ARGV[7])) do
  local record = ARGV[1] .. id
  if redis.call('EXISTS', record) == 0 then
    redis.call('ZADD', KEYS[1], ARGV[4], id)
  elseif leased(record, ARGV[2], tonumber(ARGV[3]), ARGV[5]) then
    redis.call('ZADD', KEYS[1], redis.call('HGET', record, 'lu'), id)
  else
    redis.call('HSET', record, 'lo', ARGV[2], 'lu', ARGV[4])
    redis.call('ZADD', KEYS[1], ARGV[4], id)
    taken[#taken + 1] = id
    taken[#taken + 1] = redis.call('HGETALL', record)
  end
end
return taken
"""
)

# KEYS due; ARGV record prefix, soon_ms, most records read, field of the status, its value while it
#   is created, field of the end of an attempt
# -> how many creations have an ending that nobody knows
UNSURE = """
local unsure = 0
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2], 'LIMIT', 0, ARGV[3])) do
  local held = redis.call('HMGET', ARGV[1] .. id, ARGV[4], ARGV[6])
  if held[1] == ARGV[5] and held[2] then unsure = unsure + 1 end
end
return unsure
"""

# KEYS record, due; ARGV id, owner, until_ms -> 1 renewed, 0 lost
RENEW = """
local held = redis.call('HMGET', KEYS[1], 'lo', 'lu')
if held[1] ~= ARGV[2] or not held[2] then return 0 end
redis.call('HSET', KEYS[1], 'lu', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
"""

# KEYS record, due; ARGV id, owner, now_ms -> 1 given back (now or before), 0 lost
GIVE_BACK = """
if redis.call('HGET', KEYS[1], 'lo') ~= ARGV[2] then return 0 end
if redis.call('HDEL', KEYS[1], 'lu') == 1 then redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1]) end
return 1
"""

# KEYS record, due; ARGV id, owner, from, to, release (1 or 0), due_ms ('' takes it off),
#   the hint that is known, the hint after it (that or ''),
#   number of fields to delete, those fields..., field, value, ...
# -> 1 written, 0 the lease was lost or the status moved
# A hint that came meanwhile stays, and makes the invoice due at once. Of a wish that is fulfilled a
# look that was added meanwhile stays.
COMMIT = """
local held = redis.call('HMGET', KEYS[1], 'lo', 'st', 'hi')
if held[1] ~= ARGV[2] then return 0 end
if held[2] ~= ARGV[3] and held[2] ~= ARGV[4] then return 0 end
local hint = held[3] or ''
if ARGV[8] == '' and hint == ARGV[7] then
  redis.call('HDEL', KEYS[1], 'hi')
  hint = ''
elseif ARGV[8] == '' then
  local wish, look = string.match(hint, '^(.*)[+](.*)$')
  if wish and wish == string.match(ARGV[7], '^[^+]*') then
    hint = 'look.' .. look
    redis.call('HSET', KEYS[1], 'hi', hint)
  end
end
local first = 10 + tonumber(ARGV[9])
if first > 10 then redis.call('HDEL', KEYS[1], unpack(ARGV, 10, first - 1)) end
if #ARGV >= first then redis.call('HSET', KEYS[1], unpack(ARGV, first)) end
if ARGV[5] == '1' then
  redis.call('HDEL', KEYS[1], 'lu')
  if hint ~= ARGV[8] then redis.call('ZADD', KEYS[2], '0', ARGV[1])
  elseif ARGV[6] == '' then redis.call('ZREM', KEYS[2], ARGV[1])
  else redis.call('ZADD', KEYS[2], ARGV[6], ARGV[1]) end
end
return 1
"""

# KEYS record, due, log; ARGV id, wish, what it is about or a nonce, now_ms, entry
# -> 1 noted, 0 no such record, -1 a wish of another kind is not fulfilled yet
# It is written as `wish.nonce`. Any wish takes the place of one to look, as it looks as well; one
# to look is added to another: `cancel.nonce+nonce`. Who holds the lease finds it at the end of it.
# Due before all that is only due by its own schedule.
HINT = (
    AUDIT
    + """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local held = redis.call('HMGET', KEYS[1], 'hi', 'lu')
local other = string.match(held[1] or '', '^[^+]+')
local kind = string.match(other or '', '^[^.]*')
local hint = ARGV[2] .. '.' .. ARGV[3]
if other and kind ~= 'look' and kind ~= ARGV[2] then
  if ARGV[2] ~= 'look' then return -1 end
  hint = other .. '+' .. ARGV[3]
end
redis.call('HSET', KEYS[1], 'hi', hint)
if tonumber(held[2] or '0') <= tonumber(ARGV[4]) then redis.call('ZADD', KEYS[2], '0', ARGV[1]) end
audit(KEYS[3], ARGV[5], ARGV[4])
return 1
"""
)

# KEYS cards; ARGV chat:message, what it is, lifetime s, most -> 1 kept, 0 there are too many
CARD = """
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0
   and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""

# KEYS the lists of an owner, one a bucket, then its words; ARGV id, asked_ms, number of the bucket,
#   words that are new, ...
PLACE = """
for number = 1, #KEYS - 1 do
  if number == tonumber(ARGV[3]) then redis.call('ZADD', KEYS[number], ARGV[2], ARGV[1])
  else redis.call('ZREM', KEYS[number], ARGV[1]) end
end
for number = 4, #ARGV do redis.call('ZADD', KEYS[#KEYS], 0, ARGV[number]) end
return 1
"""

# KEYS draft; ARGV expected revision, update id, lifetime s, most ids remembered, field, value, ...
# -> 1 written, 0 this update was applied before, -1 the draft moved on meanwhile
# `upd` is ",7,8,": the last updates applied, as a batch that was not confirmed comes again whole.
DRAFT = """
local now = redis.call('HMGET', KEYS[1], 'rev', 'upd')
local applied = now[2] or ','
if string.find(applied, ',' .. ARGV[2] .. ',', 1, true) then return 0 end
if (now[1] or '0') ~= ARGV[1] then return -1 end
applied = applied .. ARGV[2] .. ','
local _, count = string.gsub(applied, '%d+', '')
if count > tonumber(ARGV[4]) then applied = string.gsub(applied, '^,%d+', '') end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'rev', ARGV[1] + 1, 'upd', applied, unpack(ARGV, 5))
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""

# KEYS draft; ARGV revision, message id -> 1 noted, 0 the draft moved on meanwhile
DRAFT_MESSAGE = """
if redis.call('HGET', KEYS[1], 'rev') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'msg', ARGV[2])
return 1
"""

# KEYS poller; ARGV owner, lifetime ms -> 1 held, 0 another's
HOLD = """
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

# KEYS poller; ARGV owner
LET_GO = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""
