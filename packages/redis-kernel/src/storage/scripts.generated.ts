// Generated from src/storage/lua by `npm run lua`. Change the Lua files, not this one.
export const scripts = {
  apply: {
    name: 'apply',
    sha1: '3d06777f1698a39abc74ccfd52a3cb23c72b64d0',
    readOnly: false,
    source: `local function is_ours(member)
  local tag = string.sub(member, 1, 1)
  if tag == 'o' then
    local kind = string.sub(member, 18, 18)
    return #member >= 27 and (kind == 'w' or kind == 's')
  end
  if tag == 'p' then
    return #member > 21 and string.byte(member, 18) == 0
  end
  local _, stop = string.find(member, '\\1\\0', 1, true)
  return tag == 'r' and stop ~= nil and #member >= stop + 9
end
local function holds_ours(key)
  local first, last = redis.call('ZRANGE', key, '0', '7'), redis.call('ZRANGE', key, '-8', '-1')
  for i = 1, #first do
    if is_ours(first[i]) or is_ours(last[i]) then
      return true
    end
  end
  return false
end
local TOMBSTONE = 'tombstone'
local function only_staged(key)
  local tombstones = redis.call('ZLEXCOUNT', key, '[' .. TOMBSTONE, '[' .. TOMBSTONE)
  local parts = redis.call('ZLEXCOUNT', key, '[p', '(q')
  local rest = redis.call('ZLEXCOUNT', key, '[w', '(y')
  return parts + rest + tombstones == redis.call('ZLEXCOUNT', key, '-', '+'), tombstones == 1
end
local function epoch_of(key)
  local edge = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  local first = edge[1]
  if not first then
    return '', false, false
  end
  local last = redis.call('ZRANGE', key, '-1', '-1', 'WITHSCORES')
  local staged = #last[1] >= 33 and string.byte(last[1]) == 120
  if #first == 17 and string.byte(first) == 101 then
    if edge[2] ~= '0' or last[2] ~= '0' then
      return nil, -4
    end
    if #last[1] == 13 and string.byte(last[1]) == 122 then
      return nil, -6, last[1]
    end
    return first, false, staged
  end
  if first == TOMBSTONE and last[1] == TOMBSTONE then
    return '', true, false
  end
  if staged and edge[2] == '0' and last[2] == '0' then
    local alone, dropped = only_staged(key)
    if alone then
      return '', dropped, true
    end
  end
  if holds_ours(key) then
    return nil, -2
  end
  return nil, -1
end
local function record_at(key, name)
  local after = '(' .. string.sub(name, 1, -2) .. '\\1'
  return redis.call('ZRANGE', key, '[' .. name, after, 'BYLEX')[1]
end
local function has_object(key, id)
  return redis.call('ZLEXCOUNT', key, '[o' .. id, '(o' .. id .. '\\255') > 0
end
local function edge_of(key, lower, upper, reverse)
  if reverse then
    return redis.call('ZRANGE', key, upper, lower, 'BYLEX', 'REV', 'LIMIT', '0', '1')[1]
  end
  return redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '1')[1]
end
local function stored_in_record(member)
  return (string.find(member, '\\0', 1, true) or #member) + 1
end
local STORED_IN_OBJECT = 19
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
local OBJECT_FORMAT, SPLIT_RECORD = 1, 2
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
  return #marker > 12 and string.sub(marker, 13, 28) or string.sub(member, 2, 17), length
end
local function size_of(member, refs)
  local _, length = split_of(member)
  return length or #member - STORED_IN_OBJECT - 8 - #refs
end
local JOURNAL = '\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'
local RECORD = '\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255'
local ROOM = 256
local function discard(key, note, room)
  local token, id = string.sub(note, 2, 17), string.sub(note, 18, 33)
  local tag, in_use = 'p', false
  if id == JOURNAL then
    tag = 'w'
  elseif id == RECORD then
    local name = 'q' .. string.sub(note, 34) .. token
    in_use = redis.call('ZLEXCOUNT', key, '[' .. name, '[' .. name) == 1
  else
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\\255', 'BYLEX')[1]
    in_use = head and split_of(head) == token
  end
  local removed, beyond = 0, nil
  if not in_use then
    local lower, upper = '[' .. tag .. token, '(' .. tag .. token .. '\\255'
    beyond = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', room, '1')[1]
    removed = redis.call('ZREMRANGEBYLEX', key, lower, beyond and '(' .. beyond or upper)
  end
  if not beyond then
    redis.call('ZREM', key, note)
  end
  return removed
end
local function discard_staged(key, prefix)
  local notes = redis.call('ZRANGE', key, '[x' .. prefix, '(x' .. prefix .. '\\255', 'BYLEX', 'LIMIT', '0', '64')
  local room = ROOM
  for i = 1, #notes do
    if room > 0 then
      room = room - discard(key, notes[i], room)
    end
  end
  return notes[1] ~= nil
end
local function remove_parts(key, lower, upper)
  lower, upper = '[q' .. string.sub(lower, 3), '(q' .. string.sub(upper, 3)
  local split = redis.call('ZRANGE', key, lower, upper, 'BYLEX')
  for i = 1, #split do
    local token = string.sub(split[i], -16)
    redis.call('ZREMRANGEBYLEX', key, '[p' .. token, '(p' .. token .. '\\255')
  end
  if split[1] then
    redis.call('ZREMRANGEBYLEX', key, lower, upper)
  end
end
local MAX_MUTATIONS, MAX_BYTES, MAX_REMOVED = 192, 262144, 1000
local key, marker = KEYS[1], ARGV[1]
local epoch, state = epoch_of(key)
if epoch then
  return { 1, 1, epoch }
end
if state ~= -6 then
  return { state }
end
if redis.call('ZRANGE', key, '-1', '-1')[1] ~= marker then
  return { 1, 1, redis.call('ZRANGE', key, '0', '0')[1] }
end
local prefix = string.sub(marker, 2)
local lower, upper = '[w' .. prefix, '(w' .. prefix .. '\\255'
local function add(member)
  redis.call('ZADD', key, '0', member)
end
local function remove_range(bounds)
  local a, b, c, d = string.byte(bounds, 1, 4)
  local stop = 4 + ((a * 256 + b) * 256 + c) * 256 + d
  local from, to = string.sub(bounds, 5, stop), string.sub(bounds, stop + 1)
  local next = redis.call('ZRANGE', key, from, to, 'BYLEX', 'LIMIT', MAX_REMOVED, '1')[1]
  to = next and '(' .. next or to
  redis.call('ZREMRANGEBYLEX', key, from, to)
  remove_parts(key, from, to)
  return not next
end
local function carry_out(letter, subject)
  if letter == 'p' or letter == 'i' or letter == 'b' or letter == 'B' then
    local zero = string.find(subject, '\\0', 1, true)
    local name, token = string.sub(subject, 1, zero), split_of(subject, zero + 1)
    local old = record_at(key, name)
    if old and (letter == 'p' or letter == 'b') and old ~= subject then
      redis.call('ZREM', key, old)
      if split_of(old, zero + 1) then
        remove_parts(key, '[' .. name, '(' .. string.sub(name, 1, -2) .. '\\1')
      end
      old = nil
    end
    if not old then
      add(subject)
      if token then
        add('q' .. string.sub(name, 2) .. token)
      end
    end
    if token then
      discard(key, 'x' .. token .. RECORD .. string.sub(name, 2), ROOM)
    end
  elseif letter == 'o' then
    if not has_object(key, string.sub(subject, 2, 17)) then
      add(subject)
    end
  elseif letter == 'l' then
    local token, head = string.sub(subject, 1, 16), string.sub(subject, 17)
    local id = string.sub(head, 2, 17)
    if not has_object(key, id) then
      add(head)
    end
    discard(key, 'x' .. token .. id, ROOM)
  elseif letter == 'd' then
    local from, to = '[' .. subject, '(' .. string.sub(subject, 1, -2) .. '\\1'
    redis.call('ZREMRANGEBYLEX', key, from, to)
    remove_parts(key, from, to)
  elseif letter == 'D' then
    return remove_range(subject)
  elseif letter == 's' or letter == 'S' then
    return false
  end
  return true
end
local first_time = nil
local first = ARGV[2] ~= '' and redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '1')[1]
if first and string.sub(first, 1, 21) == ARGV[2] then
  local has_removed = string.sub(first, 22, 22) == 'S'
  first_time = has_removed and 0 or 1
  redis.call('ZREM', key, first)
  for i = 1, #ARGV[3], 16 do
    local id = string.sub(ARGV[3], i, i + 15)
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\\255', 'BYLEX')[1]
    if head then
      has_removed = true
      local name = split_of(head)
      redis.call('ZREM', key, head)
      if name then
        redis.call('ZREMRANGEBYLEX', key, '[p' .. name, '(p' .. name .. '\\255')
      end
    end
  end
  local candidate = string.sub(first, 23)
  if ARGV[4] ~= '1' then
    add(ARGV[2] .. (has_removed and 'S' or 's') .. candidate)
  elseif has_removed then
    local former = redis.call('ZRANGE', key, '0', '0')[1]
    add(candidate)
    if former ~= candidate then
      redis.call('ZREM', key, former)
    end
  end
end
local mutations, bytes, piece, is_done = 0, 0, 4, false
while not is_done and mutations < MAX_MUTATIONS and bytes < MAX_BYTES do
  local page, size = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', piece), 0
  if page[1] then
    redis.call('ZREMRANGEBYLEX', key, lower, '[' .. page[#page])
  end
  for i = 1, #page do
    if not carry_out(string.sub(page[i], 22, 22), string.sub(page[i], 23)) then
      for left = i, #page do
        add(page[left])
      end
      if string.byte(page[i], 22) == 68 then
        return { 1, 0, '', first_time }
      end
      return { 1, 2, string.sub(page[i], 1, 21), first_time }
    end
    size = size + #page[i]
  end
  is_done = page[piece] == nil
  mutations = mutations + #page
  bytes = bytes + size
  piece = math.max(1, math.min(64, math.floor(65536 * #page / (size + 1))))
end
if not is_done then
  return { 1, 0, '', first_time }
end
redis.call('ZREM', key, marker)
redis.call('ZREMRANGEBYLEX', key, '[x' .. prefix, '(x' .. prefix .. '\\255')
epoch = redis.call('ZRANGE', key, '0', '0')[1]
if redis.call('ZLEXCOUNT', key, '[o', '(p') + redis.call('ZLEXCOUNT', key, '[r', '(s') == 0 then
  redis.call('UNLINK', key)
  epoch = ''
end
return { 1, 1, epoch, first_time }
` as string,
  },
  commit: {
    name: 'commit',
    sha1: '3a655bcfe42694a854831f666ed0f0f3d0b72b76',
    readOnly: false,
    source: `local function is_ours(member)
  local tag = string.sub(member, 1, 1)
  if tag == 'o' then
    local kind = string.sub(member, 18, 18)
    return #member >= 27 and (kind == 'w' or kind == 's')
  end
  if tag == 'p' then
    return #member > 21 and string.byte(member, 18) == 0
  end
  local _, stop = string.find(member, '\\1\\0', 1, true)
  return tag == 'r' and stop ~= nil and #member >= stop + 9
end
local function holds_ours(key)
  local first, last = redis.call('ZRANGE', key, '0', '7'), redis.call('ZRANGE', key, '-8', '-1')
  for i = 1, #first do
    if is_ours(first[i]) or is_ours(last[i]) then
      return true
    end
  end
  return false
end
local TOMBSTONE = 'tombstone'
local function only_staged(key)
  local tombstones = redis.call('ZLEXCOUNT', key, '[' .. TOMBSTONE, '[' .. TOMBSTONE)
  local parts = redis.call('ZLEXCOUNT', key, '[p', '(q')
  local rest = redis.call('ZLEXCOUNT', key, '[w', '(y')
  return parts + rest + tombstones == redis.call('ZLEXCOUNT', key, '-', '+'), tombstones == 1
end
local function epoch_of(key)
  local edge = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  local first = edge[1]
  if not first then
    return '', false, false
  end
  local last = redis.call('ZRANGE', key, '-1', '-1', 'WITHSCORES')
  local staged = #last[1] >= 33 and string.byte(last[1]) == 120
  if #first == 17 and string.byte(first) == 101 then
    if edge[2] ~= '0' or last[2] ~= '0' then
      return nil, -4
    end
    if #last[1] == 13 and string.byte(last[1]) == 122 then
      return nil, -6, last[1]
    end
    return first, false, staged
  end
  if first == TOMBSTONE and last[1] == TOMBSTONE then
    return '', true, false
  end
  if staged and edge[2] == '0' and last[2] == '0' then
    local alone, dropped = only_staged(key)
    if alone then
      return '', dropped, true
    end
  end
  if holds_ours(key) then
    return nil, -2
  end
  return nil, -1
end
local function record_at(key, name)
  local after = '(' .. string.sub(name, 1, -2) .. '\\1'
  return redis.call('ZRANGE', key, '[' .. name, after, 'BYLEX')[1]
end
local function has_object(key, id)
  return redis.call('ZLEXCOUNT', key, '[o' .. id, '(o' .. id .. '\\255') > 0
end
local function edge_of(key, lower, upper, reverse)
  if reverse then
    return redis.call('ZRANGE', key, upper, lower, 'BYLEX', 'REV', 'LIMIT', '0', '1')[1]
  end
  return redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '1')[1]
end
local function stored_in_record(member)
  return (string.find(member, '\\0', 1, true) or #member) + 1
end
local STORED_IN_OBJECT = 19
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
local OBJECT_FORMAT, SPLIT_RECORD = 1, 2
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
  return #marker > 12 and string.sub(marker, 13, 28) or string.sub(member, 2, 17), length
end
local function size_of(member, refs)
  local _, length = split_of(member)
  return length or #member - STORED_IN_OBJECT - 8 - #refs
end
local MAX_REMOVED = 1000
local function head_of(key, prefix)
  local lower, upper = '[' .. prefix .. '\\1', '(' .. prefix .. '\\255'
  while true do
    local edge = edge_of(key, lower, upper, true)
    local stop = edge and string.find(edge, '\\1', #prefix + 1, true)
    if not stop then
      return ''
    end
    local group = string.sub(edge, 1, stop)
    if record_at(key, group .. '\\0') then
      return group
    end
    upper = '(' .. group
  end
end
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
      local zero = string.find(subject, '\\0', 1, true)
      holds = record_at(key, string.sub(subject, 1, zero)) == subject
    elseif check == 'S' then
      local from = string.find(subject, '\\0', 1, true) + 1
      local member, refs = record_at(key, string.sub(subject, 1, from - 1)), refs_of(subject, from, SPLIT_RECORD)
      if member and refs_of(member, from, SPLIT_RECORD) == refs then
        local content, marker = string.sub(member, from + 9 + #refs), string.sub(subject, from + 9 + #refs)
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
      local last = edge_of(key, '[' .. subject, '(' .. subject .. '\\255', true)
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
local FEW = 16
local MOST_WALKED, MOST_BYTES, FIRST_PIECE, MAX_PIECE = 500, 524288, 8, 64
local function walk(key, lower, walked, visit)
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
      lower = '[' .. string.sub(last, 1, 17) .. '\\255'
    else
      lower = '[' .. string.sub(last, 1, stored_in_record(last) - 2) .. '\\1'
    end
    if walked then
      walked.count = walked.count + #page
      walked.bytes = walked.bytes + bytes
    end
    piece = math.max(1, math.min(MAX_PIECE, math.floor(131072 * #page / (bytes + 1))))
  end
end
local function survey(key, walked)
  local roots, edges, ids, split, sizes = {}, {}, {}, {}, {}
  local unreadable, rest = walk(key, '[r', walked, function(member)
    local refs = refs_of(member, stored_in_record(member), SPLIT_RECORD)
    if not refs then
      return member
    end
    roots[#roots + 1] = refs
    return nil
  end)
  if unreadable or rest then
    return nil, unreadable
  end
  unreadable, rest = walk(key, '[o', walked, function(member)
    local refs = refs_of(member, STORED_IN_OBJECT, OBJECT_FORMAT)
    if not refs then
      return member
    end
    local id = string.sub(member, 2, 17)
    ids[#ids + 1] = id
    edges[id] = refs
    split[id] = split_of(member)
    sizes[id] = size_of(member, refs)
    return nil
  end)
  if unreadable or rest then
    return nil, unreadable
  end
  return { roots = roots, edges = edges, ids = ids, split = split, sizes = sizes }
end
local function sweep(key, swept)
  local graph = survey(key, nil)
  local reached, stack, depth = {}, {}, 0
  local function push(refs)
    for i = 1, #refs, 16 do
      local id = string.sub(refs, i, i + 15)
      if not reached[id] then
        reached[id] = true
        depth = depth + 1
        stack[depth] = id
      end
    end
  end
  for i = 1, #graph.roots do
    push(graph.roots[i])
  end
  while depth > 0 do
    local refs = graph.edges[stack[depth]]
    depth = depth - 1
    if refs then
      push(refs)
    end
  end
  local dropped = false
  for i = 1, #graph.ids do
    local id = graph.ids[i]
    if not reached[id] then
      dropped = true
      swept[#swept + 1] = id
      swept[#swept + 1] = graph.sizes[id]
      redis.call('ZREMRANGEBYLEX', key, '[o' .. id, '(o' .. id .. '\\255')
      local name = graph.split[id]
      if name then
        redis.call('ZREMRANGEBYLEX', key, '[p' .. name, '(p' .. name .. '\\255')
      end
    end
  end
  return dropped
end
local JOURNAL = '\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'
local RECORD = '\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255'
local ROOM = 256
local function discard(key, note, room)
  local token, id = string.sub(note, 2, 17), string.sub(note, 18, 33)
  local tag, in_use = 'p', false
  if id == JOURNAL then
    tag = 'w'
  elseif id == RECORD then
    local name = 'q' .. string.sub(note, 34) .. token
    in_use = redis.call('ZLEXCOUNT', key, '[' .. name, '[' .. name) == 1
  else
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\\255', 'BYLEX')[1]
    in_use = head and split_of(head) == token
  end
  local removed, beyond = 0, nil
  if not in_use then
    local lower, upper = '[' .. tag .. token, '(' .. tag .. token .. '\\255'
    beyond = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', room, '1')[1]
    removed = redis.call('ZREMRANGEBYLEX', key, lower, beyond and '(' .. beyond or upper)
  end
  if not beyond then
    redis.call('ZREM', key, note)
  end
  return removed
end
local function discard_staged(key, prefix)
  local notes = redis.call('ZRANGE', key, '[x' .. prefix, '(x' .. prefix .. '\\255', 'BYLEX', 'LIMIT', '0', '64')
  local room = ROOM
  for i = 1, #notes do
    if room > 0 then
      room = room - discard(key, notes[i], room)
    end
  end
  return notes[1] ~= nil
end
local function remove_parts(key, lower, upper)
  lower, upper = '[q' .. string.sub(lower, 3), '(q' .. string.sub(upper, 3)
  local split = redis.call('ZRANGE', key, lower, upper, 'BYLEX')
  for i = 1, #split do
    local token = string.sub(split[i], -16)
    redis.call('ZREMRANGEBYLEX', key, '[p' .. token, '(p' .. token .. '\\255')
  end
  if split[1] then
    redis.call('ZREMRANGEBYLEX', key, lower, upper)
  end
end
local UNCHANGED = '='
local function lifetime_in(member, from)
  local refs = refs_of(member, from, SPLIT_RECORD - 1)
  local said = refs and string.sub(member, from + 9 + #refs)
  if said and (said == '' or #said <= 15 and string.find(said, '^[1-9][0-9]*$')) then
    return said
  end
  return UNCHANGED
end
local function expire(key, lifetime, decided_by, only_if_none)
  if only_if_none then
    local left = redis.call('PTTL', key)
    if left >= 0 then
      return left
    end
  end
  for name, otherwise in string.gmatch(decided_by, '([^%z]+%z)([^%z]*)%z') do
    local member = record_at(key, name)
    local said = member and lifetime_in(member, #name + 1) or otherwise
    if said ~= UNCHANGED then
      lifetime = said
      break
    end
  end
  if lifetime == UNCHANGED then
    return redis.call('PTTL', key)
  end
  if lifetime == '' then
    redis.call('PERSIST', key)
    return -1
  end
  redis.call('PEXPIRE', key, lifetime)
  return lifetime
end
local key, candidate, staged = KEYS[1], ARGV[1], ARGV[3]
local epoch, dropped, has_notes = epoch_of(key)
if not epoch then
  return { dropped, has_notes }
end
local prefix = string.sub(staged, 7, 18)
local failed, at = failed_checks(key, epoch, dropped, 5, tonumber(ARGV[4]))
if #failed > 0 then
  if prefix ~= '' then
    discard_staged(key, prefix)
  end
  return { 0, epoch, failed, dropped and 1 or 0 }
end
if prefix ~= '' then
  local a, b, c, d = string.byte(staged, 19, 22)
  local parts = redis.call('ZLEXCOUNT', key, '[p' .. prefix, '(p' .. prefix .. '\\255')
  local entries = redis.call('ZLEXCOUNT', key, '[w' .. prefix, '(w' .. prefix .. '\\255')
  if parts + entries ~= ((a * 256 + b) * 256 + c) * 256 + d then
    discard_staged(key, prefix)
    return { -5 }
  end
end
if ARGV[2] ~= '' and string.find(ARGV[2], 's', 1, true) then
  local is_bounded = string.find(ARGV[2], 'j', 1, true) ~= nil
  local graph, unreadable = survey(key, is_bounded and { count = 0, bytes = 0 } or nil)
  if not graph then
    if prefix ~= '' then
      discard_staged(key, prefix)
    end
    if not unreadable then
      return { 0, epoch, { tonumber(ARGV[4]) }, dropped and 1 or 0 }
    end
    return { -3, unreadable }
  end
end
local born = 0
local lifetime, decided_by, only_if_none = nil, nil, nil
local changed, removed, swept, swept_objects = false, 0, false, nil
local key_expires = dropped or has_notes
local written = false
local tombstone = nil
local marker = nil
local function add(member)
  if epoch == '' then
    redis.call('ZADD', key, '0', candidate)
    if dropped then
      tombstone = tombstone or redis.call('PTTL', key)
      redis.call('ZREM', key, TOMBSTONE)
      dropped = false
    end
    if key_expires then
      redis.call('PERSIST', key)
    end
    epoch = candidate
    born = 1
  end
  redis.call('ZADD', key, '0', member)
  written = true
end
local function remove_range(lower, upper)
  local count = redis.call('ZREMRANGEBYLEX', key, lower, upper)
  if count > 0 then
    remove_parts(key, lower, upper)
    removed = removed + count
    changed = true
  end
end
local last = #ARGV
while at <= last do
  local mutation, subject = ARGV[at], ARGV[at + 1]
  at = at + 2
  if mutation == 'o' then
    local parts = tonumber(ARGV[at])
    local id = string.sub(subject, 2, 17)
    if epoch == '' or not has_object(key, id) then
      add(subject)
      for i = at + 1, at + parts do
        redis.call('ZADD', key, '0', ARGV[i])
      end
    end
    at = at + 1 + parts
  elseif mutation == 'l' then
    local id = string.sub(subject, 2, 17)
    if epoch == '' or not has_object(key, id) then
      add(subject)
    end
    discard(key, 'x' .. ARGV[at] .. id, ROOM)
    at = at + 1
  elseif mutation == 'j' then
    if epoch ~= '' or subject == '1' then
      marker = 'z' .. prefix
      add(marker)
      changed = true
    else
      discard_staged(key, prefix)
    end
  elseif mutation == 'p' or mutation == 'i' then
    local name = string.sub(subject, 1, string.find(subject, '\\0', 1, true))
    local old = record_at(key, name)
    if not old then
      add(subject)
    elseif mutation == 'p' and old ~= subject then
      redis.call('ZREM', key, old)
      redis.call('ZADD', key, '0', subject)
      if split_of(old, #name + 1) then
        remove_parts(key, '[' .. name, '(' .. string.sub(name, 1, -2) .. '\\1')
      end
      changed = true
    end
  elseif mutation == 'b' or mutation == 'B' then
    local zero = string.find(subject, '\\0', 1, true)
    local name, token = string.sub(subject, 1, zero), split_of(subject, zero + 1)
    local old = record_at(key, name)
    if old and mutation == 'b' then
      redis.call('ZREM', key, old)
      remove_parts(key, '[' .. name, '(' .. string.sub(name, 1, -2) .. '\\1')
      changed = true
    end
    if not old or mutation == 'b' then
      add(subject)
      add('q' .. string.sub(name, 2) .. token)
    end
    discard(key, 'x' .. token .. RECORD .. string.sub(name, 2), ROOM)
  elseif mutation == 'd' then
    remove_range('[' .. subject, '(' .. string.sub(subject, 1, -2) .. '\\1')
  elseif mutation == 'D' then
    remove_range(subject, ARGV[at])
    at = at + 1
  elseif mutation == 's' then
    at = at - 1
    swept_objects = swept_objects or {}
    if sweep(key, swept_objects) then
      swept = true
      written = true
      if epoch ~= candidate then
        redis.call('ZADD', key, '0', candidate)
        redis.call('ZREM', key, epoch)
        epoch = candidate
      end
    end
  elseif mutation == 'X' then
    if epoch ~= '' then
      redis.call('UNLINK', key)
      epoch = ''
      written = true
    end
    if subject ~= '' then
      tombstone = subject
    end
    if lifetime then
      lifetime, decided_by, only_if_none = UNCHANGED, '', false
    end
  else
    lifetime, decided_by, only_if_none = subject, ARGV[at], mutation == 'y'
    at = at + 1
  end
end
if (changed or swept) and epoch ~= '' then
  local records = redis.call('ZLEXCOUNT', key, '[r', '(s')
  if records + redis.call('ZLEXCOUNT', key, '[o', '(p') == 0 and not marker then
    redis.call('UNLINK', key)
    epoch = ''
  elseif changed and records + removed > FEW then
    redis.call('ZREMRANGEBYLEX', key, '[g', '(h')
    redis.call('ZADD', key, '0', 'g' .. string.sub(candidate, 2))
  end
  written = true
end
if epoch == '' and tombstone then
  redis.call('ZADD', key, '0', TOMBSTONE)
  redis.call('PEXPIRE', key, tombstone)
  written = true
end
if not written and string.find(ARGV[2], 't', 1, true) then
  redis.call('ZADD', key, '0', candidate)
  redis.call('ZREM', key, candidate)
end
if has_notes and not marker then
  local note = redis.call('ZRANGE', key, '[x', '(x' .. string.sub(staged, 1, 6), 'BYLEX', 'LIMIT', '0', '1')[1]
  if note then
    discard(key, note, ROOM)
  end
end
local left = swept_objects and -2
if epoch == '' then
  return { 1, 0, '', (tombstone or dropped) and 1 or 0, left, swept_objects }
end
if lifetime then
  left = expire(key, lifetime, decided_by, only_if_none)
end
if marker then
  return { 2, born, epoch, marker, left }
end
return { 1, born, epoch, 0, left, swept_objects }
` as string,
  },
  discard: {
    name: 'discard',
    sha1: '3e276f37fc0f8d48872baf1ac8f78125986a2953',
    readOnly: false,
    source: `local function stored_in_record(member)
  return (string.find(member, '\\0', 1, true) or #member) + 1
end
local STORED_IN_OBJECT = 19
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
local OBJECT_FORMAT, SPLIT_RECORD = 1, 2
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
  return #marker > 12 and string.sub(marker, 13, 28) or string.sub(member, 2, 17), length
end
local function size_of(member, refs)
  local _, length = split_of(member)
  return length or #member - STORED_IN_OBJECT - 8 - #refs
end
local JOURNAL = '\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'
local RECORD = '\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255\\255'
local ROOM = 256
local function discard(key, note, room)
  local token, id = string.sub(note, 2, 17), string.sub(note, 18, 33)
  local tag, in_use = 'p', false
  if id == JOURNAL then
    tag = 'w'
  elseif id == RECORD then
    local name = 'q' .. string.sub(note, 34) .. token
    in_use = redis.call('ZLEXCOUNT', key, '[' .. name, '[' .. name) == 1
  else
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\\255', 'BYLEX')[1]
    in_use = head and split_of(head) == token
  end
  local removed, beyond = 0, nil
  if not in_use then
    local lower, upper = '[' .. tag .. token, '(' .. tag .. token .. '\\255'
    beyond = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', room, '1')[1]
    removed = redis.call('ZREMRANGEBYLEX', key, lower, beyond and '(' .. beyond or upper)
  end
  if not beyond then
    redis.call('ZREM', key, note)
  end
  return removed
end
local function discard_staged(key, prefix)
  local notes = redis.call('ZRANGE', key, '[x' .. prefix, '(x' .. prefix .. '\\255', 'BYLEX', 'LIMIT', '0', '64')
  local room = ROOM
  for i = 1, #notes do
    if room > 0 then
      room = room - discard(key, notes[i], room)
    end
  end
  return notes[1] ~= nil
end
return { 1, discard_staged(KEYS[1], ARGV[1]) and 1 or 0 }
` as string,
  },
  drop: {
    name: 'drop',
    sha1: '8ecd0725a62a13e66bedaf710838973a3ff35abe',
    readOnly: false,
    source: `local function is_ours(member)
  local tag = string.sub(member, 1, 1)
  if tag == 'o' then
    local kind = string.sub(member, 18, 18)
    return #member >= 27 and (kind == 'w' or kind == 's')
  end
  if tag == 'p' then
    return #member > 21 and string.byte(member, 18) == 0
  end
  local _, stop = string.find(member, '\\1\\0', 1, true)
  return tag == 'r' and stop ~= nil and #member >= stop + 9
end
local function holds_ours(key)
  local first, last = redis.call('ZRANGE', key, '0', '7'), redis.call('ZRANGE', key, '-8', '-1')
  for i = 1, #first do
    if is_ours(first[i]) or is_ours(last[i]) then
      return true
    end
  end
  return false
end
local TOMBSTONE = 'tombstone'
local function only_staged(key)
  local tombstones = redis.call('ZLEXCOUNT', key, '[' .. TOMBSTONE, '[' .. TOMBSTONE)
  local parts = redis.call('ZLEXCOUNT', key, '[p', '(q')
  local rest = redis.call('ZLEXCOUNT', key, '[w', '(y')
  return parts + rest + tombstones == redis.call('ZLEXCOUNT', key, '-', '+'), tombstones == 1
end
local function epoch_of(key)
  local edge = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  local first = edge[1]
  if not first then
    return '', false, false
  end
  local last = redis.call('ZRANGE', key, '-1', '-1', 'WITHSCORES')
  local staged = #last[1] >= 33 and string.byte(last[1]) == 120
  if #first == 17 and string.byte(first) == 101 then
    if edge[2] ~= '0' or last[2] ~= '0' then
      return nil, -4
    end
    if #last[1] == 13 and string.byte(last[1]) == 122 then
      return nil, -6, last[1]
    end
    return first, false, staged
  end
  if first == TOMBSTONE and last[1] == TOMBSTONE then
    return '', true, false
  end
  if staged and edge[2] == '0' and last[2] == '0' then
    local alone, dropped = only_staged(key)
    if alone then
      return '', dropped, true
    end
  end
  if holds_ours(key) then
    return nil, -2
  end
  return nil, -1
end
local epoch, state = epoch_of(KEYS[1])
if state == -1 then
  return { -1 }
end
if epoch == '' then
  return { 1, 0 }
end
return { 1, redis.call('UNLINK', KEYS[1]) }
` as string,
  },
  probe: {
    name: 'probe',
    sha1: '9540d5003928fb695810425bfe885265cceedb71',
    readOnly: false,
    source: `local key = KEYS[1]
redis.call('ZADD', key, 'XX', '0', 'x')
redis.call('ZREM', key, 'x')
redis.call('ZREMRANGEBYLEX', key, '[x', '[x')
redis.call('ZCARD', key)
redis.call('PEXPIRE', key, '1')
redis.call('PERSIST', key)
redis.call('UNLINK', key)
local memory = redis.pcall('INFO', 'memory')
if type(memory) ~= 'string' then
  return ''
end
local limit = string.match(memory, 'maxmemory:%d+') or ''
return limit .. '\\n' .. (string.match(memory, 'maxmemory_policy:[%w-]+') or '')
` as string,
  },
  read: {
    name: 'read',
    sha1: 'f63c0ab0269755ac0692ccc66d75e9fc84412e8e',
    readOnly: true,
    source: `local function is_ours(member)
  local tag = string.sub(member, 1, 1)
  if tag == 'o' then
    local kind = string.sub(member, 18, 18)
    return #member >= 27 and (kind == 'w' or kind == 's')
  end
  if tag == 'p' then
    return #member > 21 and string.byte(member, 18) == 0
  end
  local _, stop = string.find(member, '\\1\\0', 1, true)
  return tag == 'r' and stop ~= nil and #member >= stop + 9
end
local function holds_ours(key)
  local first, last = redis.call('ZRANGE', key, '0', '7'), redis.call('ZRANGE', key, '-8', '-1')
  for i = 1, #first do
    if is_ours(first[i]) or is_ours(last[i]) then
      return true
    end
  end
  return false
end
local TOMBSTONE = 'tombstone'
local function only_staged(key)
  local tombstones = redis.call('ZLEXCOUNT', key, '[' .. TOMBSTONE, '[' .. TOMBSTONE)
  local parts = redis.call('ZLEXCOUNT', key, '[p', '(q')
  local rest = redis.call('ZLEXCOUNT', key, '[w', '(y')
  return parts + rest + tombstones == redis.call('ZLEXCOUNT', key, '-', '+'), tombstones == 1
end
local function epoch_of(key)
  local edge = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  local first = edge[1]
  if not first then
    return '', false, false
  end
  local last = redis.call('ZRANGE', key, '-1', '-1', 'WITHSCORES')
  local staged = #last[1] >= 33 and string.byte(last[1]) == 120
  if #first == 17 and string.byte(first) == 101 then
    if edge[2] ~= '0' or last[2] ~= '0' then
      return nil, -4
    end
    if #last[1] == 13 and string.byte(last[1]) == 122 then
      return nil, -6, last[1]
    end
    return first, false, staged
  end
  if first == TOMBSTONE and last[1] == TOMBSTONE then
    return '', true, false
  end
  if staged and edge[2] == '0' and last[2] == '0' then
    local alone, dropped = only_staged(key)
    if alone then
      return '', dropped, true
    end
  end
  if holds_ours(key) then
    return nil, -2
  end
  return nil, -1
end
local function record_at(key, name)
  local after = '(' .. string.sub(name, 1, -2) .. '\\1'
  return redis.call('ZRANGE', key, '[' .. name, after, 'BYLEX')[1]
end
local function has_object(key, id)
  return redis.call('ZLEXCOUNT', key, '[o' .. id, '(o' .. id .. '\\255') > 0
end
local function edge_of(key, lower, upper, reverse)
  if reverse then
    return redis.call('ZRANGE', key, upper, lower, 'BYLEX', 'REV', 'LIMIT', '0', '1')[1]
  end
  return redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '1')[1]
end
local function stored_in_record(member)
  return (string.find(member, '\\0', 1, true) or #member) + 1
end
local STORED_IN_OBJECT = 19
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
local OBJECT_FORMAT, SPLIT_RECORD = 1, 2
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
  return #marker > 12 and string.sub(marker, 13, 28) or string.sub(member, 2, 17), length
end
local function size_of(member, refs)
  local _, length = split_of(member)
  return length or #member - STORED_IN_OBJECT - 8 - #refs
end
local function hold(wanted, id)
  wanted[id] = 3
end
local function want(wanted, id, follow)
  local level = follow and 2 or 1
  if (wanted[id] or 0) < level then
    wanted[id] = level
    local count = wanted.count + 1
    wanted.count = count
    wanted[count] = id
  end
end
local function want_refs(wanted, member, from, newest)
  local refs = refs_of(member, from, newest) or ''
  for i = 1, #refs, 16 do
    want(wanted, string.sub(refs, i, i + 15), true)
  end
end
local function gather(key, wanted)
  local objects, absent, members = {}, {}, {}
  local budget, gathered, i = wanted.budget, wanted.gathered, 1
  while i <= wanted.count and i <= wanted.most and gathered < budget do
    local id = wanted[i]
    local member = members[id]
    if member == nil then
      member = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\\255', 'BYLEX')[1] or false
      members[id] = member
      if member then
        objects[#objects + 1] = member
        gathered = gathered + #member
        local name, length = split_of(member)
        if name and gathered + length <= budget then
          local parts = redis.call('ZRANGE', key, '[p' .. name, '(p' .. name .. '\\255', 'BYLEX')
          for part = 1, #parts do
            objects[#objects + 1] = parts[part]
          end
          gathered = gathered + length
        end
      else
        absent[#absent + 1] = id
      end
    end
    if member and wanted[id] == 2 then
      want_refs(wanted, member, STORED_IN_OBJECT, OBJECT_FORMAT)
    end
    i = i + 1
  end
  return objects, absent
end
local FEW = 16
local FIRST_PIECE, MAX_PIECE, PIECE_BYTES = 16, 256, 131072
local function instant_of(key, epoch)
  local generation = redis.call('ZRANGE', key, '[g', '(h', 'BYLEX')[1] or ''
  local records = redis.call('ZLEXCOUNT', key, '[r', '(s')
  return epoch .. generation .. records .. ':' .. redis.call('ZLEXCOUNT', key, '[o', '(p')
end
local function is_full(key, wanted)
  if wanted.gathered < wanted.budget and wanted.taken < wanted.most then
    return false
  end
  return wanted.budget < math.huge and redis.call('ZLEXCOUNT', key, '[r', '(s') > FEW
end
local function keep(key, result, records, wanted, follow)
  local find, sub, byte = string.find, string.sub, string.byte
  local count, bytes = #result, 0
  for i = 1, #records do
    local member = records[i]
    count = count + 1
    result[count] = member
    bytes = bytes + #member
    local zero = find(member, '\\0', 1, true)
    if zero and follow and sub(member, zero + 6, zero + 9) ~= '\\0\\0\\0\\0' then
      want_refs(wanted, member, zero + 1, SPLIT_RECORD)
    end
    if zero and byte(member, zero + 1) == SPLIT_RECORD then
      local name, length = split_of(member, zero + 1)
      if name and wanted.gathered + bytes + length <= wanted.budget then
        local parts = redis.call('ZRANGE', key, '[p' .. name, '(p' .. name .. '\\255', 'BYLEX')
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
local function above(group)
  return string.sub(group, 1, -2) .. '\\2'
end
local function group_of(member, prefix)
  local stop = string.find(member, '\\1', #prefix + 1, true)
  return stop and string.sub(member, 1, stop)
end
local function has_key(member)
  local zero = string.find(member, '\\0', 1, true)
  return zero ~= nil and string.byte(member, zero - 1) == 1
end
local function groups_of(key, result, wanted, prefix, lower, upper, limit, reverse, orphans, follow)
  local rest = nil
  while limit ~= 0 do
    if rest or is_full(key, wanted) then
      rest = rest or {}
      rest[#rest + 1] = {
        'G', prefix, lower, upper, tostring(limit), reverse and '1' or '0', orphans and '1' or '0', follow and '1' or '0',
      }
      return nil, rest
    end
    local edge = edge_of(key, lower, upper, reverse)
    if not edge then
      break
    end
    local gathered = wanted.gathered
    wanted.taken = wanted.taken + 1
    local group = group_of(edge, prefix)
    if not group then
      return edge
    end
    local edge_is_own = string.byte(edge, #group + 1) == 0
    if not edge_is_own and not has_key(edge) then
      return edge
    end
    if reverse and edge_is_own then
      keep(key, result, { edge }, wanted, follow)
      limit = limit - 1
    elseif reverse or edge_is_own or orphans then
      local last = '(' .. above(group)
      local records = redis.call('ZRANGE', key, '[' .. group, last, 'BYLEX', 'LIMIT', '0', FIRST_PIECE)
      if orphans or string.byte(records[1], #group + 1) == 0 then
        limit = limit - 1
        local piece, next = keep(key, result, records, wanted, follow), records[FIRST_PIECE]
        if next then
          local from, to = take(key, result, wanted, follow, '(' .. next, last, -1, false, piece)
          rest = from and { { 'r', from, to, '-1', '0', follow and '1' or '0' } }
        end
      end
    end
    if wanted.gathered == gathered then
      wanted.gathered = gathered + #edge
    end
    if reverse then
      upper = '(' .. group
    else
      lower = '[' .. above(group)
    end
  end
  return nil, rest
end
local function names_of(key, result, wanted, prefix, lower, upper, limit, reverse)
  local count = 0
  while limit ~= 0 do
    if is_full(key, wanted) then
      return nil, { { 'n', prefix, lower, upper, tostring(limit), reverse and '1' or '0' } }
    end
    local edge = edge_of(key, lower, upper, reverse)
    if not edge then
      break
    end
    wanted.taken = wanted.taken + 1
    wanted.gathered = wanted.gathered + #edge
    local group = group_of(edge, prefix)
    if not group then
      return edge
    end
    count = count + 1
    result[count] = string.sub(group, #prefix + 1, -2)
    limit = limit - 1
    if reverse then
      upper = '(' .. group
    else
      lower = '[' .. above(group)
    end
  end
  return nil
end
local MOST = 1000
local key, budget = KEYS[1], tonumber(ARGV[1]) or math.huge
local epoch, dropped, marker = epoch_of(key)
if not epoch then
  return { dropped, marker }
end
if ARGV[3] ~= '' and ARGV[3] ~= instant_of(key, epoch) then
  return { -7 }
end
local wanted = { count = 0, taken = 0, most = budget < math.huge and MOST or budget, gathered = 0, budget = budget }
for i = 1, #ARGV[2], 16 do
  hold(wanted, string.sub(ARGV[2], i, i + 15))
end
local at, last = 4, #ARGV
local results, rest, damaged = {}, nil, nil
while at <= last and not rest do
  local read = ARGV[at]
  local result = {}
  if read == 'g' then
    if is_full(key, wanted) then
      rest = { { 'g', ARGV[at + 1], ARGV[at + 2] } }
    else
      keep(key, result, { record_at(key, ARGV[at + 1]) }, wanted, ARGV[at + 2] == '1')
    end
    at = at + 3
  elseif read == 'G' then
    damaged, rest = groups_of(key, result, wanted, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), ARGV[at + 5] == '1', ARGV[at + 6] == '1', ARGV[at + 7] == '1')
    at = at + 8
  elseif read == 'r' then
    local lower, upper, limit = take(key, result, wanted, ARGV[at + 5] == '1', ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4] == '1', FIRST_PIECE)
    rest = lower and { { 'r', lower, upper, tostring(limit), ARGV[at + 4], ARGV[at + 5] } }
    at = at + 6
  elseif read == 'o' then
    local follow, ids = ARGV[at + 1] == '1', ARGV[at + 2]
    for i = 1, #ids, 16 do
      want(wanted, string.sub(ids, i, i + 15), follow)
    end
    result = 0
    at = at + 3
  elseif read == 'n' then
    damaged, rest = names_of(key, result, wanted, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), ARGV[at + 5] == '1')
    at = at + 6
  elseif read == 'c' then
    result = redis.call('ZLEXCOUNT', key, ARGV[at + 1], ARGV[at + 2])
    at = at + 3
  elseif read == 't' then
    local now = redis.call('TIME')
    result = now[1] * 1000 + math.floor(now[2] / 1000)
    at = at + 1
  else
    result = {
      epoch == '' and -1 or redis.call('PTTL', key),
      redis.call('ZLEXCOUNT', key, '[r', '(s'),
      redis.call('ZLEXCOUNT', key, '[o', '(p'),
      dropped and 1 or 0,
    }
    at = at + 1
  end
  if damaged then
    return { -3, damaged }
  end
  results[#results + 1] = result
end
if rest then
  return { 1, epoch, results, {}, {}, instant_of(key, epoch), rest }
end
local objects, absent = gather(key, wanted)
return { 1, epoch, results, objects, absent }
` as string,
  },
  stage: {
    name: 'stage',
    sha1: 'a2572950d388670da1bf6ec40f3b4e9d36cee23a',
    readOnly: false,
    source: `local function is_ours(member)
  local tag = string.sub(member, 1, 1)
  if tag == 'o' then
    local kind = string.sub(member, 18, 18)
    return #member >= 27 and (kind == 'w' or kind == 's')
  end
  if tag == 'p' then
    return #member > 21 and string.byte(member, 18) == 0
  end
  local _, stop = string.find(member, '\\1\\0', 1, true)
  return tag == 'r' and stop ~= nil and #member >= stop + 9
end
local function holds_ours(key)
  local first, last = redis.call('ZRANGE', key, '0', '7'), redis.call('ZRANGE', key, '-8', '-1')
  for i = 1, #first do
    if is_ours(first[i]) or is_ours(last[i]) then
      return true
    end
  end
  return false
end
local TOMBSTONE = 'tombstone'
local function only_staged(key)
  local tombstones = redis.call('ZLEXCOUNT', key, '[' .. TOMBSTONE, '[' .. TOMBSTONE)
  local parts = redis.call('ZLEXCOUNT', key, '[p', '(q')
  local rest = redis.call('ZLEXCOUNT', key, '[w', '(y')
  return parts + rest + tombstones == redis.call('ZLEXCOUNT', key, '-', '+'), tombstones == 1
end
local function epoch_of(key)
  local edge = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  local first = edge[1]
  if not first then
    return '', false, false
  end
  local last = redis.call('ZRANGE', key, '-1', '-1', 'WITHSCORES')
  local staged = #last[1] >= 33 and string.byte(last[1]) == 120
  if #first == 17 and string.byte(first) == 101 then
    if edge[2] ~= '0' or last[2] ~= '0' then
      return nil, -4
    end
    if #last[1] == 13 and string.byte(last[1]) == 122 then
      return nil, -6, last[1]
    end
    return first, false, staged
  end
  if first == TOMBSTONE and last[1] == TOMBSTONE then
    return '', true, false
  end
  if staged and edge[2] == '0' and last[2] == '0' then
    local alone, dropped = only_staged(key)
    if alone then
      return '', dropped, true
    end
  end
  if holds_ours(key) then
    return nil, -2
  end
  return nil, -1
end
local key = KEYS[1]
local epoch, dropped, marker = epoch_of(key)
if not epoch then
  return { dropped, marker }
end
if epoch == '' then
  redis.call('ZADD', key, '0', ARGV[1])
  if not dropped then
    redis.call('PEXPIRE', key, ARGV[2])
  end
end
return { 1 }
` as string,
  },
  survey: {
    name: 'survey',
    sha1: 'ac78227a3af4c129d80b0a2ac7f36eb1de7ed697',
    readOnly: true,
    source: `local function is_ours(member)
  local tag = string.sub(member, 1, 1)
  if tag == 'o' then
    local kind = string.sub(member, 18, 18)
    return #member >= 27 and (kind == 'w' or kind == 's')
  end
  if tag == 'p' then
    return #member > 21 and string.byte(member, 18) == 0
  end
  local _, stop = string.find(member, '\\1\\0', 1, true)
  return tag == 'r' and stop ~= nil and #member >= stop + 9
end
local function holds_ours(key)
  local first, last = redis.call('ZRANGE', key, '0', '7'), redis.call('ZRANGE', key, '-8', '-1')
  for i = 1, #first do
    if is_ours(first[i]) or is_ours(last[i]) then
      return true
    end
  end
  return false
end
local TOMBSTONE = 'tombstone'
local function only_staged(key)
  local tombstones = redis.call('ZLEXCOUNT', key, '[' .. TOMBSTONE, '[' .. TOMBSTONE)
  local parts = redis.call('ZLEXCOUNT', key, '[p', '(q')
  local rest = redis.call('ZLEXCOUNT', key, '[w', '(y')
  return parts + rest + tombstones == redis.call('ZLEXCOUNT', key, '-', '+'), tombstones == 1
end
local function epoch_of(key)
  local edge = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  local first = edge[1]
  if not first then
    return '', false, false
  end
  local last = redis.call('ZRANGE', key, '-1', '-1', 'WITHSCORES')
  local staged = #last[1] >= 33 and string.byte(last[1]) == 120
  if #first == 17 and string.byte(first) == 101 then
    if edge[2] ~= '0' or last[2] ~= '0' then
      return nil, -4
    end
    if #last[1] == 13 and string.byte(last[1]) == 122 then
      return nil, -6, last[1]
    end
    return first, false, staged
  end
  if first == TOMBSTONE and last[1] == TOMBSTONE then
    return '', true, false
  end
  if staged and edge[2] == '0' and last[2] == '0' then
    local alone, dropped = only_staged(key)
    if alone then
      return '', dropped, true
    end
  end
  if holds_ours(key) then
    return nil, -2
  end
  return nil, -1
end
local function stored_in_record(member)
  return (string.find(member, '\\0', 1, true) or #member) + 1
end
local STORED_IN_OBJECT = 19
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
local OBJECT_FORMAT, SPLIT_RECORD = 1, 2
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
  return #marker > 12 and string.sub(marker, 13, 28) or string.sub(member, 2, 17), length
end
local function size_of(member, refs)
  local _, length = split_of(member)
  return length or #member - STORED_IN_OBJECT - 8 - #refs
end
local MOST_WALKED, MOST_BYTES, FIRST_PIECE, MAX_PIECE = 500, 524288, 8, 64
local function walk(key, lower, walked, visit)
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
      lower = '[' .. string.sub(last, 1, 17) .. '\\255'
    else
      lower = '[' .. string.sub(last, 1, stored_in_record(last) - 2) .. '\\1'
    end
    if walked then
      walked.count = walked.count + #page
      walked.bytes = walked.bytes + bytes
    end
    piece = math.max(1, math.min(MAX_PIECE, math.floor(131072 * #page / (bytes + 1))))
  end
end
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
` as string,
  },
} as const
