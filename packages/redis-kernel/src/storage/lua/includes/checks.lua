--- @include find
--- @include stored

-- How many records one script removes.
local MAX_REMOVED = 1000

-- The start of the last group below `prefix` that has a record of its own, '' if there is none.
local function head_of(key, prefix)
  -- From the empty element on: the record whose key is `prefix` itself is in no group.
  local lower, upper = '[' .. prefix .. '\1', '(' .. prefix .. '\255'
  while true do
    local edge = edge_of(key, lower, upper, true)
    local stop = edge and string.find(edge, '\1', #prefix + 1, true)
    if not stop then
      return ''
    end
    local group = string.sub(edge, 1, stop)
    if record_at(key, group .. '\0') then
      return group
    end
    upper = '(' .. group
  end
end

-- The positions, from 0, of the checks that do not hold, and where in ARGV the mutations begin.
local function failed_checks(key, epoch, dropped, at, count)
  local failed = {}
  for position = 0, count - 1 do
    local check, subject = ARGV[at], ARGV[at + 1]
    local holds = false
    at = at + 2
    if check == 'E' then
      holds = epoch == subject
    elseif check == 'A' then
      holds = not record_at(key, subject)
    elseif check == 'P' then
      holds = record_at(key, subject) ~= nil
    elseif check == 'Q' then
      local zero = string.find(subject, '\0', 1, true)
      holds = record_at(key, string.sub(subject, 1, zero)) == subject
    elseif check == 'S' then
      local from = string.find(subject, '\0', 1, true) + 1
      local member, refs = record_at(key, string.sub(subject, 1, from - 1)), refs_of(subject, from, SPLIT_RECORD)
      if member and refs_of(member, from, SPLIT_RECORD) == refs then
        local content, marker = string.sub(member, from + 9 + #refs), string.sub(subject, from + 9 + #refs)
        -- The length and the digest, and not the token.
        if string.byte(member, from) == SPLIT_RECORD then
          holds = string.sub(content, 5, 8) == string.sub(marker, 5, 8) and string.sub(content, 29) == string.sub(marker, 29)
        else
          local _, length = split_of(subject, from)
          holds = #content == length and redis.sha1hex(content) == string.sub(marker, 29)
        end
      end
    elseif check == 'R' then
      holds = redis.call('ZLEXCOUNT', key, subject, ARGV[at]) <= MAX_REMOVED
      at = at + 1
    elseif check == 'O' then
      holds = true
      for i = 1, #subject, 16 do
        holds = holds and has_object(key, string.sub(subject, i, i + 15))
      end
    elseif check == 'H' then
      local last = at + tonumber(ARGV[at])
      local head = head_of(key, subject)
      for i = at + 1, last do
        holds = holds or ARGV[i] == head
      end
      at = last + 1
    elseif check == 'N' then
      holds = not dropped
    else
      local expected = ARGV[at]
      local last = edge_of(key, '[' .. subject, '(' .. subject .. '\255', true)
      at = at + 1
      if expected == '' then
        holds = not last
      else
        holds = last ~= nil and string.sub(last, 1, #expected) == expected
      end
    end
    if not holds then
      failed[#failed + 1] = position
    end
  end
  return failed, at
end
