-- Whether a member has the shape of an object, a part or a record of ours.
local function is_ours(member)
  local tag = string.sub(member, 1, 1)
  if tag == 'o' then
    local kind = string.sub(member, 18, 18)
    return #member >= 27 and (kind == 'w' or kind == 's')
  end
  if tag == 'p' then
    return #member > 21 and string.byte(member, 18) == 0
  end
  local _, stop = string.find(member, '\1\0', 1, true)
  return tag == 'r' and stop ~= nil and #member >= stop + 9
end

-- Whether one of the members at either end has the shape of ours: somebody else's may lie before and behind them.
local function holds_ours(key)
  local first, last = redis.call('ZRANGE', key, '0', '7'), redis.call('ZRANGE', key, '-8', '-1')
  for i = 1, #first do
    if is_ours(first[i]) or is_ours(last[i]) then
      return true
    end
  end
  return false
end

-- What is left of a partition that was dropped on purpose, until it expires: the only member there is then.
local TOMBSTONE = 'tombstone'

-- Whether nothing is there but what is staged, and then whether a tombstone is, too.
local function only_staged(key)
  local tombstones = redis.call('ZLEXCOUNT', key, '[' .. TOMBSTONE, '[' .. TOMBSTONE)
  local parts = redis.call('ZLEXCOUNT', key, '[p', '(q')
  local rest = redis.call('ZLEXCOUNT', key, '[w', '(y')
  return parts + rest + tombstones == redis.call('ZLEXCOUNT', key, '-', '+'), tombstones == 1
end

-- The epoch member, '' when there is no partition; then whether there is a tombstone, and whether something is staged.
-- Or nil and the status to answer: -1 when the key is another program's, -2 when it is ours and the epoch is missing, -4
-- when it is ours and a score is not 0: then the members stand in no order, and ranges over them find nothing; -6 when a
-- commit is being carried out, and then its marker. A key of another type raises WRONGTYPE here.
local function epoch_of(key)
  local edge = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  local first = edge[1]
  if not first then
    return '', false, false
  end
  local last = redis.call('ZRANGE', key, '-1', '-1', 'WITHSCORES')
  -- A note of what is staged, see staging.lua.
  local staged = #last[1] >= 33 and string.byte(last[1]) == 120
  if #first == 17 and string.byte(first) == 101 then
    -- Ordered by score before all else, so the first and the last one tell.
    if edge[2] ~= '0' or last[2] ~= '0' then
      return nil, -4
    end
    if #last[1] == 13 and string.byte(last[1]) == 122 then
      return nil, -6, last[1]
    end
    return first, false, staged
  end
  if first == TOMBSTONE and last[1] == TOMBSTONE then
    return '', true, false
  end
  if staged and edge[2] == '0' and last[2] == '0' then
    local alone, dropped = only_staged(key)
    if alone then
      return '', dropped, true
    end
  end
  -- Whatever comes first hides the epoch, if there still is one.
  if holds_ours(key) then
    return nil, -2
  end
  return nil, -1
end
