-- Answers a list of reads of one partition, as far as they fit one script.
--
-- KEYS[1]  the partition
-- ARGV[1]  how many bytes to give: what comes after them is left to the caller; '' for all at once, however much it is
-- ARGV[2]  the ids of objects that the caller holds with all that they reach, 16 bytes each: they are neither returned
--          nor looked at
-- ARGV[3]  the instant that all is to be of, as it was given with what came before; '' for this one
-- ARGV[4]  and on: the reads, each a letter and its arguments; bounds begin with [ or (, a limit of -1 means all,
--          flags are '1' or '0'
--          g get  'r' and the encoded key, follow
--          r range  lower bound, upper bound, limit, reverse, follow
--          G groups  'r' and the encoded prefix, lower bound, upper bound, limit, reverse, orphans, follow
--          n names  'r' and the encoded prefix, lower bound, upper bound, limit, reverse
--          c count  lower bound, upper bound
--          o objects  follow, the ids
--          i info
--          t time
-- Returns  { 1, epoch member or '', one result for each read, object members, ids of objects that are not there }
--          Behind a split object stand its parts, if they fit. Results: record members (get, range, groups), encoded elements (names), a number (count),
--          milliseconds since 1970 (time), { ttl or -1, records, objects, 1 if there is a tombstone else 0 } (info), 0 (objects). An object in neither list was left to the caller.
--          { 1, epoch member, results, {}, {}, instant, reads } when the records do not fit: the last result is the beginning
--          of one, and the reads, each a list of a letter and its arguments, give the rest of it
--          { -7 } when the instant has passed
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

-- So many records and seeks, and then as many objects: each takes some microseconds, however small it is.
local MOST = 1000

local key, budget = KEYS[1], tonumber(ARGV[1]) or math.huge
local epoch, dropped, marker = epoch_of(key)
if not epoch then
  return { dropped, marker }
end
if ARGV[3] ~= '' and ARGV[3] ~= instant_of(key, epoch) then
  return { -7 }
end

local wanted = { count = 0, taken = 0, most = budget < math.huge and MOST or budget, gathered = 0, budget = budget }
for i = 1, #ARGV[2], 16 do
  hold(wanted, string.sub(ARGV[2], i, i + 15))
end

local at, last = 4, #ARGV

local results, rest, damaged = {}, nil, nil

while at <= last and not rest do
  local read = ARGV[at]
  local result = {}
  if read == 'g' then
    if is_full(key, wanted) then
      rest = { { 'g', ARGV[at + 1], ARGV[at + 2] } }
    else
      keep(key, result, { record_at(key, ARGV[at + 1]) }, wanted, ARGV[at + 2] == '1')
    end
    at = at + 3
  elseif read == 'G' then
    damaged, rest = groups_of(key, result, wanted, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), ARGV[at + 5] == '1', ARGV[at + 6] == '1', ARGV[at + 7] == '1')
    at = at + 8
  elseif read == 'r' then
    local lower, upper, limit = take(key, result, wanted, ARGV[at + 5] == '1', ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4] == '1', FIRST_PIECE)
    rest = lower and { { 'r', lower, upper, tostring(limit), ARGV[at + 4], ARGV[at + 5] } }
    at = at + 6
  elseif read == 'o' then
    local follow, ids = ARGV[at + 1] == '1', ARGV[at + 2]
    for i = 1, #ids, 16 do
      want(wanted, string.sub(ids, i, i + 15), follow)
    end
    result = 0
    at = at + 3
  elseif read == 'n' then
    damaged, rest = names_of(key, result, wanted, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), ARGV[at + 5] == '1')
    at = at + 6
  elseif read == 'c' then
    result = redis.call('ZLEXCOUNT', key, ARGV[at + 1], ARGV[at + 2])
    at = at + 3
  elseif read == 't' then
    local now = redis.call('TIME')
    result = now[1] * 1000 + math.floor(now[2] / 1000)
    at = at + 1
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

if rest then
  return { 1, epoch, results, {}, {}, instant_of(key, epoch), rest }
end
local objects, absent = gather(key, wanted)
return { 1, epoch, results, objects, absent }
