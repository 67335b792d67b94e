--- @include find

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

-- The records of whole groups, each group ascending, groups in the order asked for. A group whose own record is
-- missing is left out unless `orphans`. On damage: nil and the member.
local function groups_of(key, prefix, lower, upper, limit, reverse, orphans)
  local records, count = {}, 0
  while limit ~= 0 do
    local edge = edge_of(key, lower, upper, reverse)
    if not edge then
      break
    end
    local group = group_of(edge, prefix)
    if not group then
      return nil, edge
    end
    local edge_is_own = string.byte(edge, #group + 1) == 0
    -- A group's own record with a damaged end mark would be left out as a group without one.
    if not edge_is_own and not has_key(edge) then
      return nil, edge
    end
    if reverse and edge_is_own then
      -- A group's own record is its first: as the last one it is the only one.
      count = count + 1
      records[count] = edge
      limit = limit - 1
    elseif reverse or edge_is_own or orphans then
      local members = redis.call('ZRANGE', key, '[' .. group, '(' .. above(group), 'BYLEX')
      if orphans or string.byte(members[1], #group + 1) == 0 then
        if count == 0 then
          records, count = members, #members
        else
          for i = 1, #members do
            records[count + i] = members[i]
          end
          count = count + #members
        end
        limit = limit - 1
      end
    end
    if reverse then
      upper = '(' .. group
    else
      lower = '[' .. above(group)
    end
  end
  return records
end

-- The encoded elements that follow `prefix`. On damage: nil and the member.
local function names_of(key, prefix, lower, upper, limit, reverse)
  local names, count = {}, 0
  while limit ~= 0 do
    local edge = edge_of(key, lower, upper, reverse)
    if not edge then
      break
    end
    local group = group_of(edge, prefix)
    if not group then
      return nil, edge
    end
    count = count + 1
    names[count] = string.sub(group, #prefix + 1, -2)
    limit = limit - 1
    if reverse then
      upper = '(' .. group
    else
      lower = '[' .. above(group)
    end
  end
  return names
end
