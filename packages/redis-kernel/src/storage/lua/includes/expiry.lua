--- @include find
--- @include stored

-- In the place of milliseconds, and of '' for ever: the expiry stays as it is, or a record says nothing of it.
local UNCHANGED = '='

-- What a record says of the life of its partition, `from` is where its stored value begins. What is in parts says nothing.
local function lifetime_in(member, from)
  local refs = refs_of(member, from, SPLIT_RECORD - 1)
  local said = refs and string.sub(member, from + 9 + #refs)
  if said and (said == '' or #said <= 15 and string.find(said, '^[1-9][0-9]*$')) then
    return said
  end
  return UNCHANGED
end

-- Sets when the partition expires, unless it expires already and that is to stay. The first record that says something decides.
-- Returns the milliseconds that are left, -1 for ever.
local function expire(key, lifetime, decided_by, only_if_none)
  if only_if_none then
    local left = redis.call('PTTL', key)
    if left >= 0 then
      return left
    end
  end
  for name, otherwise in string.gmatch(decided_by, '([^%z]+%z)([^%z]*)%z') do
    local member = record_at(key, name)
    local said = member and lifetime_in(member, #name + 1) or otherwise
    if said ~= UNCHANGED then
      lifetime = said
      break
    end
  end
  if lifetime == UNCHANGED then
    return redis.call('PTTL', key)
  end
  if lifetime == '' then
    redis.call('PERSIST', key)
    return -1
  end
  redis.call('PEXPIRE', key, lifetime)
  return lifetime
end
