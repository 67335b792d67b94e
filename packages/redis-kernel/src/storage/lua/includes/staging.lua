--- @include stored

-- What is staged comes before its commit, by commands of their own: the parts of large objects ('p'), and the journal of
-- a commit of many mutations ('w'). Each comes with a note: 'x', the token that it is named by, the id of the object, or
-- 16 zeros for the journal. The tokens of a commit begin with the same 12 bytes, the first 6 of them a time. The commit
-- removes its notes. So what nobody needs is found by its notes, which are the last members of all.

local JOURNAL = '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'

-- How much of a journal is read or removed at once.
local PAGE = 500

-- Removes what was staged under a note, unless it is more than a page: then whatever of it fits. A part that comes late,
-- behind its commit, has brought the note back: what an object is made of stays.
local function discard(key, note)
  local token, id = string.sub(note, 2, 17), string.sub(note, 18, 33)
  if id == JOURNAL then
    local page = redis.call('ZRANGE', key, '[w' .. token, '(w' .. token .. '\255', 'BYLEX', 'LIMIT', '0', PAGE)
    if page[1] then
      redis.call('ZREMRANGEBYLEX', key, '[w' .. token, '[' .. page[#page])
    end
    if page[PAGE] then
      return
    end
  else
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\255', 'BYLEX')[1]
    if not head or split_of(head) ~= token then
      redis.call('ZREMRANGEBYLEX', key, '[p' .. token, '(p' .. token .. '\255')
    end
  end
  redis.call('ZREM', key, note)
end

-- Whether as much is there as a commit has staged: `prefix`, 12 bytes, of its tokens, and how much, 4 bytes.
local function is_staged(key, prefix, count)
  local a, b, c, d = string.byte(count, 1, 4)
  local parts = redis.call('ZLEXCOUNT', key, '[p' .. prefix, '(p' .. prefix .. '\255')
  local entries = redis.call('ZLEXCOUNT', key, '[w' .. prefix, '(w' .. prefix .. '\255')
  return parts + entries == ((a * 256 + b) * 256 + c) * 256 + d
end

-- Removes what a commit has staged. Returns whether there may be more.
local function discard_staged(key, prefix)
  local notes = redis.call('ZRANGE', key, '[x' .. prefix, '(x' .. prefix .. '\255', 'BYLEX', 'LIMIT', '0', '64')
  for i = 1, #notes do
    discard(key, notes[i])
  end
  return notes[1] ~= nil
end

-- Removes what the oldest note stands for, if it is older than `before`, 6 bytes of time: its commit will not come.
local function discard_abandoned(key, before)
  local note = redis.call('ZRANGE', key, '[x', '(y', 'BYLEX', 'LIMIT', '0', '1')[1]
  if note and string.sub(note, 2, 7) < before then
    discard(key, note)
  end
end
