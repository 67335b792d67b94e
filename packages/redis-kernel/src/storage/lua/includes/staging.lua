--- @include stored

-- What is staged comes before its commit, by commands of their own: the parts of large objects and records ('p'), and the
-- journal of a commit of many mutations ('w'). Each comes with a note: 'x', the token that it is named by, and the id of the
-- object, or 16 zeros for the journal, or 16 times 255 and the encoded key of the record. The tokens of a commit begin with the
-- same 12 bytes, the first 6 of them a time. The commit removes its notes. So what nobody needs is found by its notes, which are
-- the last members of all.

local JOURNAL = '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
local RECORD = '\255\255\255\255\255\255\255\255\255\255\255\255\255\255\255\255'

-- How many members of what was staged one script removes: as many as the largest value has parts.
local ROOM = 256

-- Removes what was staged under a note, as far as there is `room`, and the note when nothing is left. A part that came late,
-- behind its commit, has brought the note back: what an object or a record is made of stays. Returns how many members were
-- removed.
local function discard(key, note, room)
  local token, id = string.sub(note, 2, 17), string.sub(note, 18, 33)
  local tag, in_use = 'p', false
  if id == JOURNAL then
    tag = 'w'
  elseif id == RECORD then
    local name = 'q' .. string.sub(note, 34) .. token
    in_use = redis.call('ZLEXCOUNT', key, '[' .. name, '[' .. name) == 1
  else
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\255', 'BYLEX')[1]
    in_use = head and split_of(head) == token
  end
  local removed, beyond = 0, nil
  if not in_use then
    local lower, upper = '[' .. tag .. token, '(' .. tag .. token .. '\255'
    beyond = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', room, '1')[1]
    removed = redis.call('ZREMRANGEBYLEX', key, lower, beyond and '(' .. beyond or upper)
  end
  if not beyond then
    redis.call('ZREM', key, note)
  end
  return removed
end

-- Removes what a commit has staged. Returns whether there may be more.
local function discard_staged(key, prefix)
  local notes = redis.call('ZRANGE', key, '[x' .. prefix, '(x' .. prefix .. '\255', 'BYLEX', 'LIMIT', '0', '64')
  local room = ROOM
  for i = 1, #notes do
    if room > 0 then
      room = room - discard(key, notes[i], room)
    end
  end
  return notes[1] ~= nil
end
