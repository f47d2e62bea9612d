"""The Lua scripts about chats and who speaks there. All keys of a chat are in one slot, and each
script is safe to run twice with the same arguments."""

# KEYS settings, draft, closed, asked
# -> {flat settings, flat draft, 1 if the chat is closed, flat last request}
KNOWN = """
return {
  redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]),
  redis.call('EXISTS', KEYS[3]), redis.call('HGETALL', KEYS[4])
}
"""

# KEYS asked, recent; ARGV lifetime s, lifetime of amounts s, how many of them are kept, when,
#   amount, field, value, ... of the request
NOTE_ASKED = """
redis.call('HSET', KEYS[1], unpack(ARGV, 6))
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[5])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -ARGV[3] - 1)
redis.call('EXPIRE', KEYS[2], ARGV[2])
return 1
"""
