--- @include generation
--- @include gather

-- Records are fetched in pieces, since nobody knows how large the next ones are.
local FIRST_PIECE, MAX_PIECE, PIECE_BYTES = 16, 256, 131072

-- The same as long as no record changes, comes or goes: what is only added shows in how many there are, and an epoch ends when
-- objects go.
local function instant_of(key, epoch)
  local generation = redis.call('ZRANGE', key, '[g', '(h', 'BYLEX')[1] or ''
  local records = redis.call('ZLEXCOUNT', key, '[r', '(s')
  return epoch .. generation .. records .. ':' .. redis.call('ZLEXCOUNT', key, '[o', '(p')
end

-- Whether the rest is for another script.
local function is_full(key, wanted)
  if wanted.gathered < wanted.budget and wanted.taken < wanted.most then
    return false
  end
  return wanted.budget < math.huge and redis.call('ZLEXCOUNT', key, '[r', '(s') > FEW
end

-- Adds records to a result, the parts of a split one behind it if they fit, and asks for what they refer to; of many most refer
-- to nothing, which is seen at once. Returns how many there should be in the next piece.
local function keep(key, result, records, wanted, follow)
  local find, sub, byte = string.find, string.sub, string.byte
  local count, bytes = #result, 0
  for i = 1, #records do
    local member = records[i]
    count = count + 1
    result[count] = member
    bytes = bytes + #member
    local zero = find(member, '\0', 1, true)
    if zero and follow and sub(member, zero + 6, zero + 9) ~= '\0\0\0\0' then
      want_refs(wanted, member, zero + 1, SPLIT_RECORD)
    end
    if zero and byte(member, zero + 1) == SPLIT_RECORD then
      local name, length = split_of(member, zero + 1)
      if name and wanted.gathered + bytes + length <= wanted.budget then
        local parts = redis.call('ZRANGE', key, '[p' .. name, '(p' .. name .. '\255', 'BYLEX')
        for part = 1, #parts do
          result[count + part] = parts[part]
        end
        count = count + #parts
        bytes = bytes + length
      end
    end
  end
  wanted.gathered = wanted.gathered + bytes
  wanted.taken = wanted.taken + #records
  return math.max(1, math.min(MAX_PIECE, math.floor(PIECE_BYTES * #records / (bytes + 1))))
end

-- Adds the records in the bounds to a result, `limit` at most, -1 for all. If the page is full before: returns the bounds and
-- the limit of what is left.
local function take(key, result, wanted, follow, lower, upper, limit, reverse, piece)
  while limit ~= 0 do
    if is_full(key, wanted) then
      return lower, upper, limit
    end
    if limit > 0 and limit < piece then
      piece = limit
    end
    local records
    if reverse then
      records = redis.call('ZRANGE', key, upper, lower, 'BYLEX', 'REV', 'LIMIT', '0', piece)
    else
      records = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', piece)
    end
    local last = records[piece]
    piece = keep(key, result, records, wanted, follow)
    if not last then
      return nil
    end
    limit = limit - #records
    if reverse then
      upper = '(' .. last
    else
      lower = '(' .. last
    end
  end
  return nil
end
