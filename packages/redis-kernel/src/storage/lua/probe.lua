-- Runs every writing command that the other scripts need, in a form that changes nothing, so that a user who may
-- not run one of them is told at once and not in the middle of a commit.
--
-- KEYS[1]  a key that does not exist
-- ARGV     none
-- Returns  1

local key = KEYS[1]
redis.call('ZADD', key, 'XX', '0', 'x')
redis.call('ZREM', key, 'x')
redis.call('ZREMRANGEBYLEX', key, '[x', '[x')
redis.call('ZCARD', key)
redis.call('PEXPIRE', key, '1')
redis.call('PERSIST', key)
redis.call('UNLINK', key)
return 1
