--- @include find
--- @include paging

-- Above everything that begins with `group`: no byte that follows its last one, an end mark, is taken for granted.
local function above(group)
  return string.sub(group, 1, -2) .. '\2'
end

-- The start that all keys of the group of `member` share, below `prefix`; nil when the key is damaged.
local function group_of(member, prefix)
  local stop = string.find(member, '\1', #prefix + 1, true)
  return stop and string.sub(member, 1, stop)
end

-- Whether the key of a record is still to be told from its value.
local function has_key(member)
  local zero = string.find(member, '\0', 1, true)
  return zero ~= nil and string.byte(member, zero - 1) == 1
end

-- Adds the records of whole groups to a result, each group ascending, groups in the order asked for. A group whose own record
-- is missing is left out unless `orphans`. On damage: returns the member. If the page is full before the end: returns nil and
-- the reads of the rest, the first one perhaps of the rest of a group.
local function groups_of(key, result, wanted, prefix, lower, upper, limit, reverse, orphans, follow)
  local rest = nil
  while limit ~= 0 do
    if rest or is_full(key, wanted) then
      rest = rest or {}
      rest[#rest + 1] = {
        'G', prefix, lower, upper, tostring(limit), reverse and '1' or '0', orphans and '1' or '0', follow and '1' or '0',
      }
      return nil, rest
    end
    local edge = edge_of(key, lower, upper, reverse)
    if not edge then
      break
    end
    local gathered = wanted.gathered
    wanted.taken = wanted.taken + 1
    local group = group_of(edge, prefix)
    if not group then
      return edge
    end
    local edge_is_own = string.byte(edge, #group + 1) == 0
    -- A group's own record with a damaged end mark would be left out as a group without one.
    if not edge_is_own and not has_key(edge) then
      return edge
    end
    if reverse and edge_is_own then
      -- A group's own record is its first: as the last one it is the only one.
      keep(key, result, { edge }, wanted, follow)
      limit = limit - 1
    elseif reverse or edge_is_own or orphans then
      local last = '(' .. above(group)
      local records = redis.call('ZRANGE', key, '[' .. group, last, 'BYLEX', 'LIMIT', '0', FIRST_PIECE)
      if orphans or string.byte(records[1], #group + 1) == 0 then
        limit = limit - 1
        local piece, next = keep(key, result, records, wanted, follow), records[FIRST_PIECE]
        if next then
          local from, to = take(key, result, wanted, follow, '(' .. next, last, -1, false, piece)
          rest = from and { { 'r', from, to, '-1', '0', follow and '1' or '0' } }
        end
      end
    end
    if wanted.gathered == gathered then
      wanted.gathered = gathered + #edge
    end
    if reverse then
      upper = '(' .. group
    else
      lower = '[' .. above(group)
    end
  end
  return nil, rest
end

-- Adds the encoded elements that follow `prefix` to a result. On damage: returns the member. If the page is full before the
-- end: returns nil and the read of the rest.
local function names_of(key, result, wanted, prefix, lower, upper, limit, reverse)
  local count = 0
  while limit ~= 0 do
    if is_full(key, wanted) then
      return nil, { { 'n', prefix, lower, upper, tostring(limit), reverse and '1' or '0' } }
    end
    local edge = edge_of(key, lower, upper, reverse)
    if not edge then
      break
    end
    wanted.taken = wanted.taken + 1
    wanted.gathered = wanted.gathered + #edge
    local group = group_of(edge, prefix)
    if not group then
      return edge
    end
    count = count + 1
    result[count] = string.sub(group, #prefix + 1, -2)
    limit = limit - 1
    if reverse then
      upper = '(' .. group
    else
      lower = '[' .. above(group)
    end
  end
  return nil
end
