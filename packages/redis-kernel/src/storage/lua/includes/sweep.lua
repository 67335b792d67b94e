--- @include walk

-- Who refers to what: the references of all records, and those of each object by its id, with its size. When a value is of an
-- unknown format: nil and its member. When that is more than one script looks at, and `walked` counts: nil.
local function survey(key, walked)
  local roots, edges, ids, split, sizes = {}, {}, {}, {}, {}
  local unreadable, rest = walk(key, '[r', walked, function(member)
    local refs = refs_of(member, stored_in_record(member), SPLIT_RECORD)
    if not refs then
      return member
    end
    roots[#roots + 1] = refs
    return nil
  end)
  if unreadable or rest then
    return nil, unreadable
  end
  unreadable, rest = walk(key, '[o', walked, function(member)
    local refs = refs_of(member, STORED_IN_OBJECT, OBJECT_FORMAT)
    if not refs then
      return member
    end
    local id = string.sub(member, 2, 17)
    ids[#ids + 1] = id
    edges[id] = refs
    split[id] = split_of(member)
    sizes[id] = size_of(member, refs)
    return nil
  end)
  if unreadable or rest then
    return nil, unreadable
  end
  return { roots = roots, edges = edges, ids = ids, split = split, sizes = sizes }
end

-- Drops the objects that no record reaches, with their parts, and adds the id and the size of each to `swept`. Returns whether
-- there were any.
local function sweep(key, swept)
  local graph = survey(key, nil)
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
      swept[#swept + 1] = id
      swept[#swept + 1] = graph.sizes[id]
      redis.call('ZREMRANGEBYLEX', key, '[o' .. id, '(o' .. id .. '\255')
      local name = graph.split[id]
      if name then
        redis.call('ZREMRANGEBYLEX', key, '[p' .. name, '(p' .. name .. '\255')
      end
    end
  end
  return dropped
end
