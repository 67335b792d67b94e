--- @include find

-- The positions, from 0, of the checks that do not hold, and where in ARGV the mutations begin.
local function failed_checks(key, epoch, at, count)
  local failed = {}
  for position = 0, count - 1 do
    local check, subject = ARGV[at], ARGV[at + 1]
    local holds
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
    elseif check == 'O' then
      holds = true
      for i = 1, #subject, 16 do
        holds = holds and has_object(key, string.sub(subject, i, i + 15))
      end
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
