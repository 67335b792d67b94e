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
  return tag == 'r' and string.find(member, '\1\0', 1, true) ~= nil
end

-- What is left of a partition that was dropped on purpose, until it expires: the only member there is then.
local TOMBSTONE = 'tombstone'

-- The epoch member; '' when there is no partition, and then whether there is a tombstone; or nil and the status to answer: -1 when the key is another
-- program's, -2 when it is ours and the epoch is missing, -4 when it is ours and a score is not 0: then the members
-- stand in no order, and ranges over them find nothing. A key of another type raises WRONGTYPE here.
local function epoch_of(key)
  local first = redis.call('ZRANGE', key, '0', '0')[1]
  if not first then
    return '', false
  end
  if #first == 17 and string.byte(first) == 101 then
    -- Ordered by score before all else, so the last one tells.
    if redis.call('ZRANGE', key, '-1', '-1', 'WITHSCORES')[2] ~= '0' then
      return nil, -4
    end
    return first
  end
  if first == TOMBSTONE and not redis.call('ZRANGE', key, '1', '1')[1] then
    return '', true
  end
  -- A damaged epoch would come first and hide what follows it.
  local second = redis.call('ZRANGE', key, '1', '1')[1]
  if is_ours(first) or (second and is_ours(second)) then
    return nil, -2
  end
  return nil, -1
end
