--- @include staging

-- A large record lies in parts, as a large object does: its member says what they are named by, and so does another one, 'q',
-- the encoded key and the token, by which the parts are found of records that a range removes.

-- Removes the parts of the records in the bounds, which begin with a mark and the tag.
local function remove_parts(key, lower, upper)
  lower, upper = '[q' .. string.sub(lower, 3), '(q' .. string.sub(upper, 3)
  local split = redis.call('ZRANGE', key, lower, upper, 'BYLEX')
  for i = 1, #split do
    local token = string.sub(split[i], -16)
    redis.call('ZREMRANGEBYLEX', key, '[p' .. token, '(p' .. token .. '\255')
  end
  if split[1] then
    redis.call('ZREMRANGEBYLEX', key, lower, upper)
  end
end
