-- Carries a part of a journal out: mutations of a commit that has been decided, and that are too many for one script.
-- Until all is done, nothing else reads or writes the partition, and whoever comes carries the journal out.
--
-- KEYS[1]  the partition
-- ARGV[1]  the marker: 'z', the 12 bytes that the tokens of the commit begin with. The entries of its journal:
--          p put, i insert  the record member
--          o object  the object member
--          l large  the 16 bytes of token that its parts are named by, the object member
--          d delete  'r' and the encoded key
--          D deleteRange  the length of the lower bound, 4 bytes, both bounds
-- Returns  { 1, 1 if all is done else 0, epoch member or '' for none }
--          { -1 } when the key is another program's, { -2 } when the epoch is missing
--          { -4 } when a member has another score than 0

--- @include partition
--- @include find
--- @include staging

-- What one script may do: each mutation takes some microseconds, and each megabyte milliseconds.
local MAX_MUTATIONS, MAX_BYTES = 192, 262144

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

local function carry_out(letter, subject)
  if letter == 'p' or letter == 'i' then
    local old = record_at(key, string.sub(subject, 1, string.find(subject, '\0', 1, true)))
    if not old then
      add(subject)
    elseif letter == 'p' and old ~= subject then
      redis.call('ZREM', key, old)
      add(subject)
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
    discard(key, 'x' .. token .. id)
  elseif letter == 'd' then
    redis.call('ZREMRANGEBYLEX', key, '[' .. subject, '(' .. string.sub(subject, 1, -2) .. '\1')
  elseif letter == 'D' then
    local a, b, c, d = string.byte(subject, 1, 4)
    local stop = 4 + ((a * 256 + b) * 256 + c) * 256 + d
    redis.call('ZREMRANGEBYLEX', key, string.sub(subject, 5, stop), string.sub(subject, stop + 1))
  end
end

local mutations, bytes, is_done = 0, 0, false
while not is_done and mutations < MAX_MUTATIONS and bytes < MAX_BYTES do
  local page = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '64')
  -- In this order: a script that has removed something may add where memory is short.
  if page[1] then
    redis.call('ZREMRANGEBYLEX', key, lower, '[' .. page[#page])
  end
  for i = 1, #page do
    carry_out(string.sub(page[i], 22, 22), string.sub(page[i], 23))
    bytes = bytes + #page[i]
  end
  mutations = mutations + #page
  is_done = page[64] == nil
end
if not is_done then
  return { 1, 0, '' }
end

redis.call('ZREM', key, marker)
redis.call('ZREMRANGEBYLEX', key, '[x' .. prefix, '(x' .. prefix .. '\255')
epoch = redis.call('ZRANGE', key, '0', '0')[1]
if redis.call('ZLEXCOUNT', key, '[o', '(p') + redis.call('ZLEXCOUNT', key, '[r', '(s') == 0 then
  redis.call('UNLINK', key)
  epoch = ''
end
return { 1, 1, epoch }
