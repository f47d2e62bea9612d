"""The Lua scripts about who hears Telegram, and whose turn it is. As in `scripts`, each touches one
slot and is safe to run twice with the same arguments."""

# KEYS webhook; ARGV digest of the secret, until when (ms) the former one counts
WEBHOOK_NOTE = """
local held = redis.call('HGET', KEYS[1], 'secret')
if held == ARGV[1] then return 1 end
if held then redis.call('HSET', KEYS[1], 'former', held, 'until', ARGV[2]) end
redis.call('HSET', KEYS[1], 'secret', ARGV[1])
return 1
"""

# Whose turn it is (`lo` until `lu`) lasts seconds and is worth nothing after a restart. That alone
# is told neither to the file on the disk, whose fsync it would wait for, nor to a replica: after a
# failover two updates of a chat may be handled at once, as when a turn is lost. What was handled is
# told to both.
_HERE_ALONE = "redis.set_repl(redis.REPL_NONE)"

# KEYS turn; ARGV owner, update id, now_ms, until_ms, lifetime s
# -> 1 taken, 0 another's, -1 this update was handled. `done` is ",7,8,".
TAKE_TURN = f"""
{_HERE_ALONE}
local now = redis.call('HMGET', KEYS[1], 'lo', 'lu', 'done')
if string.find(now[3] or '', ',' .. ARGV[2] .. ',', 1, true) then return -1 end
if now[1] and now[1] ~= ARGV[1] and tonumber(now[2] or '0') > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], 'lo', ARGV[1], 'lu', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
"""

# KEYS turn; ARGV owner, update id, most ids remembered, lifetime s
# Handled is handled, even by one who lost the turn.
END_TURN = f"""
local now = redis.call('HMGET', KEYS[1], 'lo', 'done')
local done = now[2] or ','
if not string.find(done, ',' .. ARGV[2] .. ',', 1, true) then
  done = done .. ARGV[2] .. ','
  local _, count = string.gsub(done, '%d+', '')
  if count > tonumber(ARGV[3]) then done = string.gsub(done, '^,%d+', '') end
  redis.call('HSET', KEYS[1], 'done', done)
  redis.call('EXPIRE', KEYS[1], ARGV[4])
end
{_HERE_ALONE}
if now[1] == ARGV[1] then redis.call('HDEL', KEYS[1], 'lu') end
return 1
"""

# KEYS turn; ARGV update id
FORGET_TURN = """
local done = redis.call('HGET', KEYS[1], 'done')
if done then
  local kept = string.gsub(done, ',' .. ARGV[1] .. ',', ',', 1)
  redis.call('HSET', KEYS[1], 'done', kept)
end
return 1
"""

# KEYS turn; ARGV owner, until_ms -> 1 renewed, 0 lost
RENEW_TURN = f"""
{_HERE_ALONE}
local held = redis.call('HMGET', KEYS[1], 'lo', 'lu')
if held[1] ~= ARGV[1] or not held[2] then return 0 end
redis.call('HSET', KEYS[1], 'lu', ARGV[2])
return 1
"""

# KEYS turn; ARGV owner -> 1 given back (now or before), 0 lost
GIVE_TURN_BACK = f"""
{_HERE_ALONE}
if redis.call('HGET', KEYS[1], 'lo') ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'lu')
return 1
"""
