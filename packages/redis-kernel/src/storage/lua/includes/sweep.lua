--- @include stored

-- Calls `visit` with each object ('o') or record ('r'), page by page, and stops at the first that it returns.
local function walk(key, tag, visit)
  -- Not 255 after the tag: an id may begin with it.
  local lower, upper = '[' .. tag, tag == 'o' and '(p' or '(s'
  while true do
    local page = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '64')
    for i = 1, #page do
      local found = visit(page[i])
      if found then
        return found
      end
    end
    local last = page[64]
    if not last then
      return nil
    end
    if tag == 'o' then
      lower = '[' .. string.sub(last, 1, 17) .. '\255'
    else
      lower = '[' .. string.sub(last, 1, stored_in_record(last) - 2) .. '\1'
    end
  end
end

-- Who refers to what: the references of all records, and those of each object by its id. When a value is of an
-- unknown format: nil and its member.
local function survey(key)
  local roots, edges, ids, split = {}, {}, {}, {}
  local unreadable = walk(key, 'r', function(member)
    local refs = refs_of(member, stored_in_record(member))
    if not refs then
      return member
    end
    roots[#roots + 1] = refs
    return nil
  end) or walk(key, 'o', function(member)
    local refs = refs_of(member, STORED_IN_OBJECT)
    if not refs then
      return member
    end
    local id = string.sub(member, 2, 17)
    ids[#ids + 1] = id
    edges[id] = refs
    split[id] = split_of(member)
    return nil
  end)
  if unreadable then
    return nil, unreadable
  end
  return { roots = roots, edges = edges, ids = ids, split = split }
end

-- Drops the objects that no record reaches, with their parts. Returns whether there were any.
local function sweep(key)
  local graph = survey(key)
  local reached, stack, depth = {}, {}, 0
  local function push(refs)
    for i = 1, #refs, 16 do
      local id = string.sub(refs, i, i + 15)
      if not reached[id] then
        reached[id] = true
        depth = depth + 1
        stack[depth] = id
      end
    end
  end
  for i = 1, #graph.roots do
    push(graph.roots[i])
  end
  while depth > 0 do
    local refs = graph.edges[stack[depth]]
    depth = depth - 1
    if refs then
      push(refs)
    end
  end
  local dropped = false
  for i = 1, #graph.ids do
    local id = graph.ids[i]
    if not reached[id] then
      dropped = true
      redis.call('ZREMRANGEBYLEX', key, '[o' .. id, '(o' .. id .. '\255')
      local name = graph.split[id]
      if name then
        redis.call('ZREMRANGEBYLEX', key, '[p' .. name, '(p' .. name .. '\255')
      end
    end
  end
  return dropped
end
