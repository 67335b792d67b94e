-- Tells who refers to what in a partition that is to be swept in steps: some objects and records, from a bound on.
--
-- KEYS[1]  the partition
-- ARGV[1]  the marker of the commit that sweeps, when it is being carried out; '' before
-- ARGV[2]  the bound, '[' and a tag at first, o object, r record, then what was returned
-- Returns  { 1, the bound to go on from or '', a list: of an object 'w' for a whole one, 's' for one in parts, its id, its size
--          in 4 bytes, and the ids that it refers to; of a record 'r' and the ids that it refers to }
--          { 0 } when that commit has been carried out
--          { -1 } when the key is another program's, { -2 } when the epoch is missing
--          { -4 } when a member has another score than 0
--          { -6, marker } when a commit is to be carried out first
--          { -3, member } when a value is of an unknown format
-- Flags: read-only

--- @include partition
--- @include walk

local function in_4_bytes(number)
  local floor = math.floor
  return string.char(floor(number / 16777216), floor(number / 65536) % 256, floor(number / 256) % 256, number % 256)
end

local key, bound = KEYS[1], ARGV[2]
local epoch, state, marker = epoch_of(key)
if ARGV[1] ~= '' and (epoch or state == -6 and marker ~= ARGV[1]) then
  return { 0 }
end
if not epoch and not (state == -6 and ARGV[1] ~= '') then
  return { state, marker }
end

local found, walked = {}, { count = 0, bytes = 0 }
local unreadable, rest
if string.sub(bound, 2, 2) == 'o' then
  unreadable, rest = walk(key, bound, walked, function(member)
    local refs = refs_of(member, STORED_IN_OBJECT, OBJECT_FORMAT)
    if not refs then
      return member
    end
    found[#found + 1] = (split_of(member) and 's' or 'w') .. string.sub(member, 2, 17) .. in_4_bytes(size_of(member, refs)) .. refs
    return nil
  end)
  bound = '[r'
end
if not unreadable and not rest then
  unreadable, rest = walk(key, bound, walked, function(member)
    local refs = refs_of(member, stored_in_record(member), SPLIT_RECORD)
    if not refs then
      return member
    end
    if refs ~= '' then
      found[#found + 1] = 'r' .. refs
    end
    return nil
  end)
end
if unreadable then
  return { -3, unreadable }
end
return { 1, rest or '', found }
