-- Judges checks and applies mutations to one partition: all of them, or none when a check fails.
--
-- KEYS[1]  the partition
-- ARGV[1]  the epoch member that the partition gets if it is born here, or if a sweep drops something
-- ARGV[2]  '1' when there is a sweep among the mutations, else '0'
-- ARGV[3]  '1' when something must go to the replicas even if nothing changes, else '0'
-- ARGV[4]  how many checks there are
-- ARGV[5]  and on: the checks, then the mutations, each a letter and its arguments
--          E epoch  the epoch member, '' for no partition
--          A absent, P present  'r' and the encoded key
--          Q equals  the whole record member
--          L last  'r' and the encoded prefix; 'r' and the start that the last key must have, '' for no record
--          O objects  their ids, 16 bytes each
--          H head  'r' and the encoded prefix; how many, the starts that the last group may have, '' for no group
--          N undropped  ''
--          p put, i insert  the record member
--          d delete  'r' and the encoded key
--          D deleteRange  lower and upper bound
--          o object  the object member, how many parts it has, the part members
--          s sweep
--          x expire  milliseconds, '' for never
--          X drop  milliseconds of the tombstone, '' for none
-- Returns  { 1, 1 if the partition was born else 0, epoch member or '', 1 if there is a tombstone else 0 }
--          { 0, epoch member or '', positions of the failed checks from 0, 1 if there is a tombstone else 0 }
--          { -1 } when the key is another program's, { -2 } when the epoch is missing
--          { -4 } when a member has another score than 0
--          { -3, member } when a sweep met a value of an unknown format

--- @include partition
--- @include find
--- @include checks
--- @include sweep

local key, candidate = KEYS[1], ARGV[1]
local epoch, state = epoch_of(key)
if not epoch then
  return { state }
end

local dropped = state == true
local failed, at = failed_checks(key, epoch, dropped, 5, tonumber(ARGV[4]))
if #failed > 0 then
  return { 0, epoch, failed, dropped and 1 or 0 }
end

-- Nothing is rolled back, so what a sweep cannot read must be found before the first write.
if ARGV[2] == '1' then
  local graph, unreadable = survey(key)
  if not graph then
    return { -3, unreadable }
  end
end

local born, removed, ttl = 0, false, nil
-- Whether a command was run that is passed on to the replicas.
local written = false
-- How long the tombstone is to live that is due if nothing is left.
local tombstone = nil

local function add(member)
  if epoch == '' then
    redis.call('ZADD', key, '0', candidate)
    if dropped then
      tombstone = tombstone or redis.call('PTTL', key)
      redis.call('ZREM', key, TOMBSTONE)
      redis.call('PERSIST', key)
      dropped = false
    end
    epoch = candidate
    born = 1
  end
  redis.call('ZADD', key, '0', member)
  written = true
end

local function remove_range(lower, upper)
  removed = true
  if redis.call('ZREMRANGEBYLEX', key, lower, upper) > 0 then
    written = true
  end
end

local last = #ARGV
while at <= last do
  local mutation, subject = ARGV[at], ARGV[at + 1]
  at = at + 2
  if mutation == 'o' then
    local parts = tonumber(ARGV[at])
    local id = string.sub(subject, 2, 17)
    if epoch == '' or not has_object(key, id) then
      add(subject)
      for i = at + 1, at + parts do
        redis.call('ZADD', key, '0', ARGV[i])
      end
    end
    at = at + 1 + parts
  elseif mutation == 'p' or mutation == 'i' then
    local old = record_at(key, string.sub(subject, 1, string.find(subject, '\0', 1, true)))
    if not old then
      add(subject)
    elseif mutation == 'p' and old ~= subject then
      redis.call('ZREM', key, old)
      redis.call('ZADD', key, '0', subject)
      written = true
    end
  elseif mutation == 'd' then
    remove_range('[' .. subject, '(' .. string.sub(subject, 1, -2) .. '\1')
  elseif mutation == 'D' then
    remove_range(subject, ARGV[at])
    at = at + 1
  elseif mutation == 's' then
    at = at - 1
    if sweep(key) then
      removed = true
      written = true
      if epoch ~= candidate then
        -- In this order: a sorted set that loses its last member is gone, and its expiry with it.
        redis.call('ZADD', key, '0', candidate)
        redis.call('ZREM', key, epoch)
        epoch = candidate
      end
    end
  elseif mutation == 'X' then
    if epoch ~= '' then
      redis.call('UNLINK', key)
      epoch = ''
      written = true
    end
    if subject ~= '' then
      tombstone = subject
    end
    ttl = nil
  else
    ttl = subject
  end
end

if removed and epoch ~= '' and redis.call('ZCARD', key) == 1 then
  redis.call('UNLINK', key)
  epoch = ''
end
if epoch == '' and tombstone then
  redis.call('ZADD', key, '0', TOMBSTONE)
  redis.call('PEXPIRE', key, tombstone)
  written = true
end
-- WAIT counts the replicas that have the last write of its connection. A commit that is made again, and finds all done,
-- would have none on a connection that is new, and be told at once of replicas that know nothing of it.
if ARGV[3] == '1' and not written then
  redis.call('ZADD', key, '0', candidate)
  redis.call('ZREM', key, candidate)
end
if epoch == '' then
  return { 1, 0, '', (tombstone or dropped) and 1 or 0 }
end
if ttl then
  if ttl == '' then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIRE', key, ttl)
  end
end
return { 1, born, epoch, 0 }
