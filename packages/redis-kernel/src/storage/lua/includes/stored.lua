-- Where the stored value begins in a record.
local function stored_in_record(member)
  return (string.find(member, '\0', 1, true) or #member) + 1
end

-- Where the stored value begins in an object: after its tag, id and kind.
local STORED_IN_OBJECT = 19

-- The ids, 16 bytes each, that the stored value at `from` refers to; nil when its format is not the known one.
local function refs_of(member, from)
  local version, _, _, _, _, a, b, c, d = string.byte(member, from, from + 8)
  if version ~= 1 or not d then
    return nil
  end
  local length = (((a * 256 + b) * 256 + c) * 256 + d) * 16
  if from + 8 + length > #member then
    return nil
  end
  return string.sub(member, from + 9, from + 8 + length)
end

-- What the parts of a split object are named by, and how many bytes they have together; nil for a whole one.
local function split_of(member)
  local refs = string.byte(member, 18) == 115 and refs_of(member, STORED_IN_OBJECT)
  if not refs then
    return nil
  end
  local marker = string.sub(member, STORED_IN_OBJECT + 9 + #refs)
  local a, b, c, d = string.byte(marker, 5, 8)
  if not d then
    return nil
  end
  local length = ((a * 256 + b) * 256 + c) * 256 + d
  return #marker == 28 and string.sub(marker, 13, 28) or string.sub(member, 2, 17), length
end
