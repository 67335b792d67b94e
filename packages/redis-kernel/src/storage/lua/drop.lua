-- Removes one partition, and nothing that is another program's.
--
-- KEYS[1]  the partition
-- ARGV     none
-- Returns  { 1, 1 if there was one else 0 }
--          { -1 } when the key is another program's

--- @include partition

-- A partition without its epoch is damaged, and dropping it is the way out.
local epoch, state = epoch_of(KEYS[1])
if state == -1 then
  return { -1 }
end
if epoch == '' then
  return { 1, 0 }
end
return { 1, redis.call('UNLINK', KEYS[1]) }
