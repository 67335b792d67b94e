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

local function want_refs(wanted, member, from)
  -- What cannot be read here is left to the caller, who can name it.
  local refs = refs_of(member, from) or ''
  for i = 1, #refs, 16 do
    want(wanted, string.sub(refs, i, i + 15), true)
  end
end

-- Counts records, and asks for what they refer to. Of many records most refer to nothing, which is seen at once.
local function note(wanted, records, follow)
  local find, sub, bytes = string.find, string.sub, 0
  for i = 1, #records do
    local member = records[i]
    bytes = bytes + #member
    if follow then
      local zero = find(member, '\0', 1, true)
      if zero and sub(member, zero + 6, zero + 9) ~= '\0\0\0\0' then
        want_refs(wanted, member, zero + 1)
      end
    end
  end
  wanted.gathered = wanted.gathered + bytes
end

-- How many objects are looked for by one script: each costs some microseconds, however small it is.
local MAX_LOOKUPS = 1000

-- The objects that were asked for, each once and with its parts behind it if they fit, until there are `budget` bytes;
-- and the ids that are not there.
local function gather(key, wanted, budget)
  local objects, absent, members = {}, {}, {}
  local gathered, i = wanted.gathered, 1
  while i <= wanted.count and i <= MAX_LOOKUPS and gathered < budget do
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
      want_refs(wanted, member, STORED_IN_OBJECT)
    end
    i = i + 1
  end
  return objects, absent
end
