-- Carries a part of a journal out: mutations of a commit that has been decided, and that are too many for one script.
-- Until all is done, nothing else reads or writes the partition, and whoever comes carries the journal out.
--
-- KEYS[1]  the partition
-- ARGV[1]  the marker: 'z', the 12 bytes that the tokens of the commit begin with. The entries of its journal:
--          p put, i insert  the record member
--          o object  the object member
--          b put, B insert  the member of a record whose parts were staged
--          l large  the 16 bytes of token that its parts are named by, the object member
--          d delete  'r' and the encoded key
--          D deleteRange  the length of the lower bound, 4 bytes, both bounds
--          s sweep, S one that has removed something  the epoch member that the partition gets then
-- ARGV[2]  '' or the sweep that comes first, as it was returned
-- ARGV[3]  the ids of objects that this sweep removes, 16 bytes each
-- ARGV[4]  '1' if these are the last
-- Returns  { 1, 1 if all is done else 0, epoch member or '' for none }
--          { 1, 2, the start of the entry } when a sweep comes first: somebody has to tell what it removes
--          Behind these, if a sweep was to come first and did: 1 if it had removed nothing before, else 0
--          { -1 } when the key is another program's, { -2 } when the epoch is missing
--          { -4 } when a member has another score than 0

--- @include partition
--- @include find
--- @include staging
--- @include records

-- What one script may do: each mutation takes some microseconds, and each megabyte milliseconds.
local MAX_MUTATIONS, MAX_BYTES, MAX_REMOVED = 192, 262144, 1000

local key, marker = KEYS[1], ARGV[1]
local epoch, state = epoch_of(key)
if epoch then
  return { 1, 1, epoch }
end
if state ~= -6 then
  return { state }
end
if redis.call('ZRANGE', key, '-1', '-1')[1] ~= marker then
  return { 1, 1, redis.call('ZRANGE', key, '0', '0')[1] }
end

local prefix = string.sub(marker, 2)
local lower, upper = '[w' .. prefix, '(w' .. prefix .. '\255'

local function add(member)
  redis.call('ZADD', key, '0', member)
end

-- Returns whether that is all; the rest is for another script otherwise.
local function remove_range(bounds)
  local a, b, c, d = string.byte(bounds, 1, 4)
  local stop = 4 + ((a * 256 + b) * 256 + c) * 256 + d
  local from, to = string.sub(bounds, 5, stop), string.sub(bounds, stop + 1)
  local next = redis.call('ZRANGE', key, from, to, 'BYLEX', 'LIMIT', MAX_REMOVED, '1')[1]
  to = next and '(' .. next or to
  redis.call('ZREMRANGEBYLEX', key, from, to)
  remove_parts(key, from, to)
  return not next
end

-- Returns whether that is done.
local function carry_out(letter, subject)
  if letter == 'p' or letter == 'i' or letter == 'b' or letter == 'B' then
    local zero = string.find(subject, '\0', 1, true)
    local name, token = string.sub(subject, 1, zero), split_of(subject, zero + 1)
    local old = record_at(key, name)
    if old and (letter == 'p' or letter == 'b') and old ~= subject then
      redis.call('ZREM', key, old)
      if split_of(old, zero + 1) then
        remove_parts(key, '[' .. name, '(' .. string.sub(name, 1, -2) .. '\1')
      end
      old = nil
    end
    if not old then
      add(subject)
      if token then
        add('q' .. string.sub(name, 2) .. token)
      end
    end
    if token then
      discard(key, 'x' .. token .. RECORD .. string.sub(name, 2), ROOM)
    end
  elseif letter == 'o' then
    if not has_object(key, string.sub(subject, 2, 17)) then
      add(subject)
    end
  elseif letter == 'l' then
    local token, head = string.sub(subject, 1, 16), string.sub(subject, 17)
    local id = string.sub(head, 2, 17)
    if not has_object(key, id) then
      add(head)
    end
    discard(key, 'x' .. token .. id, ROOM)
  elseif letter == 'd' then
    local from, to = '[' .. subject, '(' .. string.sub(subject, 1, -2) .. '\1'
    redis.call('ZREMRANGEBYLEX', key, from, to)
    remove_parts(key, from, to)
  elseif letter == 'D' then
    return remove_range(subject)
  elseif letter == 's' or letter == 'S' then
    return false
  end
  return true
end

local first_time = nil
local first = ARGV[2] ~= '' and redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '1')[1]
if first and string.sub(first, 1, 21) == ARGV[2] then
  local has_removed = string.sub(first, 22, 22) == 'S'
  first_time = has_removed and 0 or 1
  redis.call('ZREM', key, first)
  for i = 1, #ARGV[3], 16 do
    local id = string.sub(ARGV[3], i, i + 15)
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\255', 'BYLEX')[1]
    if head then
      has_removed = true
      local name = split_of(head)
      redis.call('ZREM', key, head)
      if name then
        redis.call('ZREMRANGEBYLEX', key, '[p' .. name, '(p' .. name .. '\255')
      end
    end
  end
  local candidate = string.sub(first, 23)
  if ARGV[4] ~= '1' then
    add(ARGV[2] .. (has_removed and 'S' or 's') .. candidate)
  elseif has_removed then
    local former = redis.call('ZRANGE', key, '0', '0')[1]
    add(candidate)
    if former ~= candidate then
      redis.call('ZREM', key, former)
    end
  end
end

local mutations, bytes, piece, is_done = 0, 0, 4, false
while not is_done and mutations < MAX_MUTATIONS and bytes < MAX_BYTES do
  local page, size = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', piece), 0
  -- In this order: a script that has removed something may add where memory is short.
  if page[1] then
    redis.call('ZREMRANGEBYLEX', key, lower, '[' .. page[#page])
  end
  for i = 1, #page do
    if not carry_out(string.sub(page[i], 22, 22), string.sub(page[i], 23)) then
      for left = i, #page do
        add(page[left])
      end
      if string.byte(page[i], 22) == 68 then
        return { 1, 0, '', first_time }
      end
      return { 1, 2, string.sub(page[i], 1, 21), first_time }
    end
    size = size + #page[i]
  end
  is_done = page[piece] == nil
  mutations = mutations + #page
  bytes = bytes + size
  piece = math.max(1, math.min(64, math.floor(65536 * #page / (size + 1))))
end
if not is_done then
  return { 1, 0, '', first_time }
end

redis.call('ZREM', key, marker)
redis.call('ZREMRANGEBYLEX', key, '[x' .. prefix, '(x' .. prefix .. '\255')
epoch = redis.call('ZRANGE', key, '0', '0')[1]
if redis.call('ZLEXCOUNT', key, '[o', '(p') + redis.call('ZLEXCOUNT', key, '[r', '(s') == 0 then
  redis.call('UNLINK', key)
  epoch = ''
end
return { 1, 1, epoch, first_time }
