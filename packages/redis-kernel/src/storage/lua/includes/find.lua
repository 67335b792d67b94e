-- The record whose tag and encoded key, end mark included, are `name`; nil if there is none.
local function record_at(key, name)
  -- Whatever follows the end mark sorts before the next byte value in its place.
  local after = '(' .. string.sub(name, 1, -2) .. '\1'
  return redis.call('ZRANGE', key, '[' .. name, after, 'BYLEX')[1]
end

local function has_object(key, id)
  return redis.call('ZLEXCOUNT', key, '[o' .. id, '(o' .. id .. '\255') > 0
end

-- The first or, in reverse, the last member in the bounds, nil if there is none.
local function edge_of(key, lower, upper, reverse)
  if reverse then
    return redis.call('ZRANGE', key, upper, lower, 'BYLEX', 'REV', 'LIMIT', '0', '1')[1]
  end
  return redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '1')[1]
end
