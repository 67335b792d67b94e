-- Judges checks and applies mutations to one partition: all of them, or none when a check fails.
--
-- KEYS[1]  the partition
-- ARGV[1]  the epoch member that the partition gets if it is born here, or if a sweep drops something
-- ARGV[2]  flags: s, there is a sweep among the mutations; j, it can be put into a journal; t, something must go to the replicas even if nothing changes
-- ARGV[3]  6 bytes of time: what was staged before it is abandoned; then, if something was staged for this commit, the 12
--          bytes that its tokens begin with, and how many parts and entries of the journal there are, 4 bytes
-- ARGV[4]  how many checks there are
-- ARGV[5]  and on: the checks, then the mutations, each a letter and its arguments
--          E epoch  the epoch member, '' for no partition
--          A absent, P present  'r' and the encoded key
--          Q equals  the whole record member
--          S equals  the member of a record in parts: its token says nothing
--          R few  the bounds of a range that has no more records than one script removes
--          L last  'r' and the encoded prefix; 'r' and the start that the last key must have, '' for no record
--          O objects  their ids, 16 bytes each
--          H head  'r' and the encoded prefix; how many, the starts that the last group may have, '' for no group
--          N undropped  ''
--          p put, i insert  the record member
--          d delete  'r' and the encoded key
--          D deleteRange  lower and upper bound
--          o object  the object member, how many parts it has, the part members
--          j journal  whether it may give birth to the partition, '1' or '0': the last one; the mutations are staged
--          l large  the member of an object whose parts were staged, their token
--          b put, B insert  the member of a record whose parts were staged
--          s sweep
--          x expire, y expire where there is no expiry  milliseconds, '' for ever, '=' for what is; of the records that may say
--            otherwise, in this order: 'r', the encoded key, what is taken for said where there is none, and a zero byte
--          X drop  milliseconds of the tombstone, '' for none
-- Returns  { 1, 1 if the partition was born else 0, epoch member or '', 1 if there is a tombstone else 0, milliseconds until it
--          expires, -1 for never, the ids of the objects that sweeps removed and their sizes by turns }, the last two only if the
--          mutations have such: -2 in the place of the former if only a sweep is among them, or there is no partition
--          { 0, epoch member or '', positions of the failed checks from 0, 1 if there is a tombstone else 0 }, the first position
--          behind the checks if a sweep is too much for one script
--          { -1 } when the key is another program's, { -2 } when the epoch is missing
--          { -4 } when a member has another score than 0
--          { -6, marker } when another commit is to be carried out first
--          { 2, 1 if the partition was born else 0, epoch member, marker, milliseconds as above } when it is decided and a
--          journal is to be carried out
--          { -5 } when a part that was staged is not there: nothing was applied, and what was staged is removed
--          { -3, member } when a sweep met a value of an unknown format

--- @include partition
--- @include find
--- @include checks
--- @include generation
--- @include sweep
--- @include staging
--- @include records
--- @include expiry

local key, candidate, staged = KEYS[1], ARGV[1], ARGV[3]
local epoch, dropped, has_notes = epoch_of(key)
if not epoch then
  return { dropped, has_notes }
end
local prefix = string.sub(staged, 7, 18)

local failed, at = failed_checks(key, epoch, dropped, 5, tonumber(ARGV[4]))
if #failed > 0 then
  if prefix ~= '' then
    discard_staged(key, prefix)
  end
  return { 0, epoch, failed, dropped and 1 or 0 }
end
if prefix ~= '' then
  local a, b, c, d = string.byte(staged, 19, 22)
  local parts = redis.call('ZLEXCOUNT', key, '[p' .. prefix, '(p' .. prefix .. '\255')
  local entries = redis.call('ZLEXCOUNT', key, '[w' .. prefix, '(w' .. prefix .. '\255')
  if parts + entries ~= ((a * 256 + b) * 256 + c) * 256 + d then
    discard_staged(key, prefix)
    return { -5 }
  end
end

-- Nothing is rolled back, so what a sweep cannot read must be found before the first write.
if ARGV[2] ~= '' and string.find(ARGV[2], 's', 1, true) then
  local is_bounded = string.find(ARGV[2], 'j', 1, true) ~= nil
  local graph, unreadable = survey(key, is_bounded and { count = 0, bytes = 0 } or nil)
  if not graph then
    if prefix ~= '' then
      discard_staged(key, prefix)
    end
    if not unreadable then
      return { 0, epoch, { tonumber(ARGV[4]) }, dropped and 1 or 0 }
    end
    return { -3, unreadable }
  end
end

local born = 0
-- What the last expiry says; nil if there is none.
local lifetime, decided_by, only_if_none = nil, nil, nil
-- Whether a record was changed or removed, how many were removed, and whether objects were, and which.
local changed, removed, swept, swept_objects = false, 0, false, nil
-- Where there is no partition, what else the key may hold has a time to live.
local key_expires = dropped or has_notes
-- Whether a command was run that is passed on to the replicas.
local written = false
-- How long the tombstone is to live that is due if nothing is left.
local tombstone = nil

local marker = nil

local function add(member)
  if epoch == '' then
    redis.call('ZADD', key, '0', candidate)
    if dropped then
      tombstone = tombstone or redis.call('PTTL', key)
      redis.call('ZREM', key, TOMBSTONE)
      dropped = false
    end
    if key_expires then
      redis.call('PERSIST', key)
    end
    epoch = candidate
    born = 1
  end
  redis.call('ZADD', key, '0', member)
  written = true
end

local function remove_range(lower, upper)
  local count = redis.call('ZREMRANGEBYLEX', key, lower, upper)
  if count > 0 then
    remove_parts(key, lower, upper)
    removed = removed + count
    changed = true
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
  elseif mutation == 'l' then
    local id = string.sub(subject, 2, 17)
    if epoch == '' or not has_object(key, id) then
      add(subject)
    end
    discard(key, 'x' .. ARGV[at] .. id, ROOM)
    at = at + 1
  elseif mutation == 'j' then
    if epoch ~= '' or subject == '1' then
      marker = 'z' .. prefix
      add(marker)
      changed = true
    else
      -- Nothing is there that could be deleted.
      discard_staged(key, prefix)
    end
  elseif mutation == 'p' or mutation == 'i' then
    local name = string.sub(subject, 1, string.find(subject, '\0', 1, true))
    local old = record_at(key, name)
    if not old then
      add(subject)
    elseif mutation == 'p' and old ~= subject then
      redis.call('ZREM', key, old)
      redis.call('ZADD', key, '0', subject)
      if split_of(old, #name + 1) then
        remove_parts(key, '[' .. name, '(' .. string.sub(name, 1, -2) .. '\1')
      end
      changed = true
    end
  elseif mutation == 'b' or mutation == 'B' then
    local zero = string.find(subject, '\0', 1, true)
    local name, token = string.sub(subject, 1, zero), split_of(subject, zero + 1)
    local old = record_at(key, name)
    if old and mutation == 'b' then
      redis.call('ZREM', key, old)
      remove_parts(key, '[' .. name, '(' .. string.sub(name, 1, -2) .. '\1')
      changed = true
    end
    if not old or mutation == 'b' then
      add(subject)
      add('q' .. string.sub(name, 2) .. token)
    end
    discard(key, 'x' .. token .. RECORD .. string.sub(name, 2), ROOM)
  elseif mutation == 'd' then
    remove_range('[' .. subject, '(' .. string.sub(subject, 1, -2) .. '\1')
  elseif mutation == 'D' then
    remove_range(subject, ARGV[at])
    at = at + 1
  elseif mutation == 's' then
    at = at - 1
    swept_objects = swept_objects or {}
    if sweep(key, swept_objects) then
      swept = true
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
    if lifetime then
      lifetime, decided_by, only_if_none = UNCHANGED, '', false
    end
  else
    lifetime, decided_by, only_if_none = subject, ARGV[at], mutation == 'y'
    at = at + 1
  end
end

if (changed or swept) and epoch ~= '' then
  local records = redis.call('ZLEXCOUNT', key, '[r', '(s')
  if records + redis.call('ZLEXCOUNT', key, '[o', '(p') == 0 and not marker then
    redis.call('UNLINK', key)
    epoch = ''
  elseif changed and records + removed > FEW then
    redis.call('ZREMRANGEBYLEX', key, '[g', '(h')
    redis.call('ZADD', key, '0', 'g' .. string.sub(candidate, 2))
  end
  written = true
end
if epoch == '' and tombstone then
  redis.call('ZADD', key, '0', TOMBSTONE)
  redis.call('PEXPIRE', key, tombstone)
  written = true
end
-- WAIT counts the replicas that have the last write of its connection. A commit that is made again, and finds all done,
-- would have none on a connection that is new, and be told at once of replicas that know nothing of it.
if not written and string.find(ARGV[2], 't', 1, true) then
  redis.call('ZADD', key, '0', candidate)
  redis.call('ZREM', key, candidate)
end
if has_notes and not marker then
  -- What the oldest note stands for, if it is so old that its commit will not come. By a range: how Lua compares texts depends
  -- on the language that the server runs in.
  local note = redis.call('ZRANGE', key, '[x', '(x' .. string.sub(staged, 1, 6), 'BYLEX', 'LIMIT', '0', '1')[1]
  if note then
    discard(key, note, ROOM)
  end
end
local left = swept_objects and -2
if epoch == '' then
  return { 1, 0, '', (tombstone or dropped) and 1 or 0, left, swept_objects }
end
if lifetime then
  left = expire(key, lifetime, decided_by, only_if_none)
end
if marker then
  return { 2, born, epoch, marker, left }
end
return { 1, born, epoch, 0, left, swept_objects }
