-- Where the stored value begins in a record.
local function stored_in_record(member)
  return (string.find(member, '\0', 1, true) or #member) + 1
end

-- Where the stored value begins in an object: after its tag, id and kind.
local STORED_IN_OBJECT = 19

-- The ids, 16 bytes each, that the stored value at `from` refers to; nil when its format is newer than `newest`.
local function refs_of(member, from, newest)
  local version, _, _, _, _, a, b, c, d = string.byte(member, from, from + 8)
  if not d or version < 1 or version > newest then
    return nil
  end
  local length = (((a * 256 + b) * 256 + c) * 256 + d) * 16
  if from + 8 + length > #member then
    return nil
  end
  return string.sub(member, from + 9, from + 8 + length)
end

-- Objects have one format. Records have another one where their bytes are in parts.
local OBJECT_FORMAT, SPLIT_RECORD = 1, 2

-- What the parts of a value are named by, and how many bytes they have together; nil for a whole one. `from`: where the stored
-- value of a record begins; nil for an object.
local function split_of(member, from)
  local refs
  if from then
    refs = string.byte(member, from) == SPLIT_RECORD and refs_of(member, from, SPLIT_RECORD)
  else
    refs = string.byte(member, 18) == 115 and refs_of(member, STORED_IN_OBJECT, OBJECT_FORMAT)
  end
  if not refs then
    return nil
  end
  local marker = string.sub(member, (from or STORED_IN_OBJECT) + 9 + #refs)
  local a, b, c, d = string.byte(marker, 5, 8)
  if not d then
    return nil
  end
  local length = ((a * 256 + b) * 256 + c) * 256 + d
  -- Version 0.1.0 named the parts of an object by its id.
  return #marker > 12 and string.sub(marker, 13, 28) or string.sub(member, 2, 17), length
end

-- How many bytes an object has, without its references `refs`.
local function size_of(member, refs)
  local _, length = split_of(member)
  return length or #member - STORED_IN_OBJECT - 8 - #refs
end
