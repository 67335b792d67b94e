-- Runs every writing command that the other scripts need, in a form that changes nothing, so that a user who may
-- not run one of them is told at once and not in the middle of a commit. Says what the server does when its memory
-- is short: two lines, because a whole INFO would keep others waiting on a slow link.
--
-- KEYS[1]  a key that does not exist
-- ARGV     none
-- Returns  maxmemory and maxmemory_policy, as lines of INFO; an empty text if the user may not ask

local key = KEYS[1]
redis.call('ZADD', key, 'XX', '0', 'x')
redis.call('ZREM', key, 'x')
redis.call('ZREMRANGEBYLEX', key, '[x', '[x')
redis.call('ZCARD', key)
redis.call('PEXPIRE', key, '1')
redis.call('PERSIST', key)
redis.call('UNLINK', key)

local memory = redis.pcall('INFO', 'memory')
if type(memory) ~= 'string' then
  return ''
end
local limit = string.match(memory, 'maxmemory:%d+') or ''
return limit .. '\n' .. (string.match(memory, 'maxmemory_policy:[%w-]+') or '')
