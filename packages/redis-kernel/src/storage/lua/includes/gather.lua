--- @include stored

-- An object that the caller holds: asking for it has no effect.
local function hold(wanted, id)
  wanted[id] = 3
end

-- Asks for an object. `follow`: and for all that it reaches.
local function want(wanted, id, follow)
  local level = follow and 2 or 1
  if (wanted[id] or 0) < level then
    wanted[id] = level
    local count = wanted.count + 1
    wanted.count = count
    wanted[count] = id
  end
end

local function want_refs(wanted, member, from, newest)
  -- What cannot be read here is left to the caller, who can name it.
  local refs = refs_of(member, from, newest) or ''
  for i = 1, #refs, 16 do
    want(wanted, string.sub(refs, i, i + 15), true)
  end
end

-- The objects that were asked for, each once and with its parts behind it if they fit, as many as one script gives; and the
-- ids that are not there.
local function gather(key, wanted)
  local objects, absent, members = {}, {}, {}
  local budget, gathered, i = wanted.budget, wanted.gathered, 1
  while i <= wanted.count and i <= wanted.most and gathered < budget do
    local id = wanted[i]
    local member = members[id]
    -- One that was asked for alone, and later with all it reaches, stands here twice.
    if member == nil then
      member = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\255', 'BYLEX')[1] or false
      members[id] = member
      if member then
        objects[#objects + 1] = member
        gathered = gathered + #member
        local name, length = split_of(member)
        if name and gathered + length <= budget then
          local parts = redis.call('ZRANGE', key, '[p' .. name, '(p' .. name .. '\255', 'BYLEX')
          for part = 1, #parts do
            objects[#objects + 1] = parts[part]
          end
          gathered = gathered + length
        end
      else
        absent[#absent + 1] = id
      end
    end
    if member and wanted[id] == 2 then
      want_refs(wanted, member, STORED_IN_OBJECT, OBJECT_FORMAT)
    end
    i = i + 1
  end
  return objects, absent
end
