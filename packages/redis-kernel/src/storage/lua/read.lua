-- Answers a list of reads of one partition.
--
-- KEYS[1]  the partition
-- ARGV[1]  how many bytes to gather: objects that come after them are left to the caller
-- ARGV[2]  the ids of objects that the caller holds with all that they reach, 16 bytes each: they are neither returned
--          nor looked at
-- ARGV[3]  and on: the reads, each a letter and its arguments; bounds begin with [ or (, a limit of -1 means all,
--          flags are '1' or '0'
--          g get  'r' and the encoded key, follow
--          r range  lower bound, upper bound, limit, reverse, follow
--          G groups  'r' and the encoded prefix, lower bound, upper bound, limit, reverse, orphans, follow
--          n names  'r' and the encoded prefix, lower bound, upper bound, limit, reverse
--          c count  lower bound, upper bound
--          o objects  follow, the ids
--          i info
-- Returns  { 1, epoch member or '', one result for each read, object members, ids of objects that are not there }
--          Behind a split object stand its parts, if they fit. Results: record members (get, range, groups), encoded elements (names), a number (count),
--          { ttl or -1, records, objects, 1 if there is a tombstone else 0 } (info), 0 (objects). An object in neither list was left to the caller.
--          { -1 } when the key is another program's, { -2 } when the epoch is missing
--          { -4 } when a member has another score than 0
--          { -6, marker } when a commit is to be carried out first
--          { -3, member } when a record's key is damaged
-- Flags: read-only

--- @include partition
--- @include find
--- @include stored
--- @include gather
--- @include groups

local key, budget = KEYS[1], tonumber(ARGV[1])
local epoch, dropped, marker = epoch_of(key)
if not epoch then
  return { dropped, marker }
end

local wanted = { count = 0, gathered = 0 }
for i = 1, #ARGV[2], 16 do
  hold(wanted, string.sub(ARGV[2], i, i + 15))
end

local at, last = 3, #ARGV

local results, damaged = {}, nil

while at <= last do
  local read = ARGV[at]
  local result
  if read == 'g' then
    result = { record_at(key, ARGV[at + 1]) }
    note(wanted, result, ARGV[at + 2] == '1')
    at = at + 3
  elseif read == 'G' then
    result, damaged = groups_of(key, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), ARGV[at + 5] == '1', ARGV[at + 6] == '1')
    note(wanted, result or {}, ARGV[at + 7] == '1')
    at = at + 8
  elseif read == 'r' then
    local lower, upper = ARGV[at + 1], ARGV[at + 2]
    if ARGV[at + 4] == '1' then
      result = redis.call('ZRANGE', key, upper, lower, 'BYLEX', 'REV', 'LIMIT', '0', ARGV[at + 3])
    else
      result = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', ARGV[at + 3])
    end
    note(wanted, result, ARGV[at + 5] == '1')
    at = at + 6
  elseif read == 'o' then
    local follow, ids = ARGV[at + 1] == '1', ARGV[at + 2]
    for i = 1, #ids, 16 do
      want(wanted, string.sub(ids, i, i + 15), follow)
    end
    result = 0
    at = at + 3
  elseif read == 'n' then
    result, damaged = names_of(key, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), ARGV[at + 5] == '1')
    at = at + 6
  elseif read == 'c' then
    result = redis.call('ZLEXCOUNT', key, ARGV[at + 1], ARGV[at + 2])
    at = at + 3
  else
    result = {
      epoch == '' and -1 or redis.call('PTTL', key),
      redis.call('ZLEXCOUNT', key, '[r', '(s'),
      redis.call('ZLEXCOUNT', key, '[o', '(p'),
      dropped and 1 or 0,
    }
    at = at + 1
  end
  if damaged then
    return { -3, damaged }
  end
  results[#results + 1] = result
end

local objects, absent = gather(key, wanted, budget)
return { 1, epoch, results, objects, absent }
