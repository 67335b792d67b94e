--- @include stored

-- What one script looks at: so many records and objects, and as many bytes of them, which are fetched in pieces, since nobody
-- knows how large the next ones are.
local MOST_WALKED, MOST_BYTES, FIRST_PIECE, MAX_PIECE = 500, 524288, 8, 64

-- Calls `visit` with each object or record from the bound on, which begins with '[o' or '[r', and stops at the first that it
-- returns: gives that. When it was as much as one script looks at, and `walked` counts: gives nil and the bound to go on from.
local function walk(key, lower, walked, visit)
  -- Not 255 after the tag: an id may begin with it.
  local is_object = string.sub(lower, 2, 2) == 'o'
  local upper, piece = is_object and '(p' or '(s', FIRST_PIECE
  while true do
    if walked and (walked.count >= MOST_WALKED or walked.bytes >= MOST_BYTES) then
      return nil, lower
    end
    local page, bytes = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', piece), 0
    for i = 1, #page do
      bytes = bytes + #page[i]
      local found = visit(page[i])
      if found then
        return found
      end
    end
    local last = page[piece]
    if not last then
      return nil
    end
    if is_object then
      lower = '[' .. string.sub(last, 1, 17) .. '\255'
    else
      lower = '[' .. string.sub(last, 1, stored_in_record(last) - 2) .. '\1'
    end
    if walked then
      walked.count = walked.count + #page
      walked.bytes = walked.bytes + bytes
    end
    piece = math.max(1, math.min(MAX_PIECE, math.floor(131072 * #page / (bytes + 1))))
  end
end
