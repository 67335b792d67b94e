-- Prepares a partition for what is staged in it behind this, ahead of a commit.
--
-- KEYS[1]  the partition
-- ARGV[1]  the first note
-- ARGV[2]  milliseconds after which what is staged goes by itself if no partition comes of it
-- Returns  { 1 }
--          { -1 } when the key is another program's, { -2 } when the epoch is missing
--          { -4 } when a member has another score than 0
--          { -6, marker } when a commit is to be carried out first

--- @include partition

local key = KEYS[1]
local epoch, dropped, marker = epoch_of(key)
if not epoch then
  return { dropped, marker }
end
if epoch == '' then
  redis.call('ZADD', key, '0', ARGV[1])
  -- A tombstone has a time of its own.
  if not dropped then
    redis.call('PEXPIRE', key, ARGV[2])
  end
end
return { 1 }
