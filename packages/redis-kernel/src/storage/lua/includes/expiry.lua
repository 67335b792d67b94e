--- @include find
--- @include stored

-- What a record says of the life of its partition: milliseconds, '' for ever; nil if there is none, or it says nothing.
local function lifetime_at(key, name)
  local member = record_at(key, name)
  if not member then
    return nil
  end
  local from = stored_in_record(member)
  local refs = string.byte(member, from) == 1 and refs_of(member, from, 1)
  local text = refs and string.sub(member, from + 9 + #refs)
  return text and #text <= 15 and string.find(text, '^%d*$') and text or nil
end

-- Sets when the key expires. Returns the milliseconds until then, -1 for never.
local function expire(key, expiry)
  if expiry.only_if_none then
    local left = redis.call('PTTL', key)
    if left >= 0 then
      return left
    end
  end
  local ttl = nil
  for i = expiry.first, expiry.last do
    ttl = ttl or lifetime_at(key, ARGV[i])
  end
  ttl = ttl or expiry.ttl
  if ttl == '=' then
    return redis.call('PTTL', key)
  end
  if ttl == '' then
    redis.call('PERSIST', key)
    return -1
  end
  redis.call('PEXPIRE', key, ttl)
  return tonumber(ttl)
end
