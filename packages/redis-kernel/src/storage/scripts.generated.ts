// Generated from src/storage/lua by `npm run lua`. Change the Lua files, not this one.
export const scripts = {
  apply: {
    name: 'apply',
    sha1: '3bfef4f377fdfcec4f210d116ee6d737a36527e4',
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
  local staged = #last[1] == 33 and string.byte(last[1]) == 120
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
local JOURNAL = '\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'
local PAGE = 500
local function discard(key, note)
  local token, id = string.sub(note, 2, 17), string.sub(note, 18, 33)
  if id == JOURNAL then
    local page = redis.call('ZRANGE', key, '[w' .. token, '(w' .. token .. '\\255', 'BYLEX', 'LIMIT', '0', PAGE)
    if page[1] then
      redis.call('ZREMRANGEBYLEX', key, '[w' .. token, '[' .. page[#page])
    end
    if page[PAGE] then
      return
    end
  else
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\\255', 'BYLEX')[1]
    if not head or split_of(head) ~= token then
      redis.call('ZREMRANGEBYLEX', key, '[p' .. token, '(p' .. token .. '\\255')
    end
  end
  redis.call('ZREM', key, note)
end
local function is_staged(key, prefix, count)
  local a, b, c, d = string.byte(count, 1, 4)
  local parts = redis.call('ZLEXCOUNT', key, '[p' .. prefix, '(p' .. prefix .. '\\255')
  local entries = redis.call('ZLEXCOUNT', key, '[w' .. prefix, '(w' .. prefix .. '\\255')
  return parts + entries == ((a * 256 + b) * 256 + c) * 256 + d
end
local function discard_staged(key, prefix)
  local notes = redis.call('ZRANGE', key, '[x' .. prefix, '(x' .. prefix .. '\\255', 'BYLEX', 'LIMIT', '0', '64')
  for i = 1, #notes do
    discard(key, notes[i])
  end
  return notes[1] ~= nil
end
local function discard_abandoned(key, before)
  local note = redis.call('ZRANGE', key, '[x', '(y', 'BYLEX', 'LIMIT', '0', '1')[1]
  if note and string.sub(note, 2, 7) < before then
    discard(key, note)
  end
end
local MAX_MUTATIONS, MAX_BYTES = 192, 262144
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
local function carry_out(letter, subject)
  if letter == 'p' or letter == 'i' then
    local old = record_at(key, string.sub(subject, 1, string.find(subject, '\\0', 1, true)))
    if not old then
      add(subject)
    elseif letter == 'p' and old ~= subject then
      redis.call('ZREM', key, old)
      add(subject)
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
    discard(key, 'x' .. token .. id)
  elseif letter == 'd' then
    redis.call('ZREMRANGEBYLEX', key, '[' .. subject, '(' .. string.sub(subject, 1, -2) .. '\\1')
  elseif letter == 'D' then
    local a, b, c, d = string.byte(subject, 1, 4)
    local stop = 4 + ((a * 256 + b) * 256 + c) * 256 + d
    redis.call('ZREMRANGEBYLEX', key, string.sub(subject, 5, stop), string.sub(subject, stop + 1))
  end
end
local mutations, bytes, is_done = 0, 0, false
while not is_done and mutations < MAX_MUTATIONS and bytes < MAX_BYTES do
  local page = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '64')
  if page[1] then
    redis.call('ZREMRANGEBYLEX', key, lower, '[' .. page[#page])
  end
  for i = 1, #page do
    carry_out(string.sub(page[i], 22, 22), string.sub(page[i], 23))
    bytes = bytes + #page[i]
  end
  mutations = mutations + #page
  is_done = page[64] == nil
end
if not is_done then
  return { 1, 0, '' }
end
redis.call('ZREM', key, marker)
redis.call('ZREMRANGEBYLEX', key, '[x' .. prefix, '(x' .. prefix .. '\\255')
epoch = redis.call('ZRANGE', key, '0', '0')[1]
if redis.call('ZLEXCOUNT', key, '[o', '(p') + redis.call('ZLEXCOUNT', key, '[r', '(s') == 0 then
  redis.call('UNLINK', key)
  epoch = ''
end
return { 1, 1, epoch }
` as string,
  },
  commit: {
    name: 'commit',
    sha1: '3418e75e38d403c3c292449c70674f8849d4399c',
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
  local staged = #last[1] == 33 and string.byte(last[1]) == 120
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
local function stored_in_record(member)
  return (string.find(member, '\\0', 1, true) or #member) + 1
end
local STORED_IN_OBJECT = 19
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
local function walk(key, tag, visit)
  local lower, upper = '[' .. tag, tag == 'o' and '(p' or '(s'
  while true do
    local page = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', '64')
    for i = 1, #page do
      local found = visit(page[i])
      if found then
        return found
      end
    end
    local last = page[64]
    if not last then
      return nil
    end
    if tag == 'o' then
      lower = '[' .. string.sub(last, 1, 17) .. '\\255'
    else
      lower = '[' .. string.sub(last, 1, stored_in_record(last) - 2) .. '\\1'
    end
  end
end
local function survey(key)
  local roots, edges, ids, split = {}, {}, {}, {}
  local unreadable = walk(key, 'r', function(member)
    local refs = refs_of(member, stored_in_record(member))
    if not refs then
      return member
    end
    roots[#roots + 1] = refs
    return nil
  end) or walk(key, 'o', function(member)
    local refs = refs_of(member, STORED_IN_OBJECT)
    if not refs then
      return member
    end
    local id = string.sub(member, 2, 17)
    ids[#ids + 1] = id
    edges[id] = refs
    split[id] = split_of(member)
    return nil
  end)
  if unreadable then
    return nil, unreadable
  end
  return { roots = roots, edges = edges, ids = ids, split = split }
end
local function sweep(key)
  local graph = survey(key)
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
local PAGE = 500
local function discard(key, note)
  local token, id = string.sub(note, 2, 17), string.sub(note, 18, 33)
  if id == JOURNAL then
    local page = redis.call('ZRANGE', key, '[w' .. token, '(w' .. token .. '\\255', 'BYLEX', 'LIMIT', '0', PAGE)
    if page[1] then
      redis.call('ZREMRANGEBYLEX', key, '[w' .. token, '[' .. page[#page])
    end
    if page[PAGE] then
      return
    end
  else
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\\255', 'BYLEX')[1]
    if not head or split_of(head) ~= token then
      redis.call('ZREMRANGEBYLEX', key, '[p' .. token, '(p' .. token .. '\\255')
    end
  end
  redis.call('ZREM', key, note)
end
local function is_staged(key, prefix, count)
  local a, b, c, d = string.byte(count, 1, 4)
  local parts = redis.call('ZLEXCOUNT', key, '[p' .. prefix, '(p' .. prefix .. '\\255')
  local entries = redis.call('ZLEXCOUNT', key, '[w' .. prefix, '(w' .. prefix .. '\\255')
  return parts + entries == ((a * 256 + b) * 256 + c) * 256 + d
end
local function discard_staged(key, prefix)
  local notes = redis.call('ZRANGE', key, '[x' .. prefix, '(x' .. prefix .. '\\255', 'BYLEX', 'LIMIT', '0', '64')
  for i = 1, #notes do
    discard(key, notes[i])
  end
  return notes[1] ~= nil
end
local function discard_abandoned(key, before)
  local note = redis.call('ZRANGE', key, '[x', '(y', 'BYLEX', 'LIMIT', '0', '1')[1]
  if note and string.sub(note, 2, 7) < before then
    discard(key, note)
  end
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
if prefix ~= '' and not is_staged(key, prefix, string.sub(staged, 19)) then
  discard_staged(key, prefix)
  return { -5 }
end
if ARGV[2] ~= '' and string.find(ARGV[2], 's', 1, true) then
  local graph, unreadable = survey(key)
  if not graph then
    if prefix ~= '' then
      discard_staged(key, prefix)
    end
    return { -3, unreadable }
  end
end
local born, removed, ttl = 0, false, nil
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
  removed = true
  if redis.call('ZREMRANGEBYLEX', key, lower, upper) > 0 then
    written = true
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
    discard(key, 'x' .. ARGV[at] .. id)
    at = at + 1
  elseif mutation == 'j' then
    if epoch ~= '' or subject == '1' then
      marker = 'z' .. prefix
      add(marker)
    else
      discard_staged(key, prefix)
    end
  elseif mutation == 'p' or mutation == 'i' then
    local old = record_at(key, string.sub(subject, 1, string.find(subject, '\\0', 1, true)))
    if not old then
      add(subject)
    elseif mutation == 'p' and old ~= subject then
      redis.call('ZREM', key, old)
      redis.call('ZADD', key, '0', subject)
      written = true
    end
  elseif mutation == 'd' then
    remove_range('[' .. subject, '(' .. string.sub(subject, 1, -2) .. '\\1')
  elseif mutation == 'D' then
    remove_range(subject, ARGV[at])
    at = at + 1
  elseif mutation == 's' then
    at = at - 1
    if sweep(key) then
      removed = true
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
    ttl = nil
  else
    ttl = subject
  end
end
if removed and epoch ~= '' then
  local is_empty
  if has_notes then
    is_empty = redis.call('ZLEXCOUNT', key, '[o', '(p') + redis.call('ZLEXCOUNT', key, '[r', '(s') == 0
  else
    is_empty = redis.call('ZCARD', key) == 1
  end
  if is_empty then
    redis.call('UNLINK', key)
    epoch = ''
  end
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
  discard_abandoned(key, string.sub(staged, 1, 6))
end
if epoch == '' then
  return { 1, 0, '', (tombstone or dropped) and 1 or 0 }
end
if ttl then
  if ttl == '' then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIRE', key, ttl)
  end
end
if marker then
  return { 2, born, epoch, marker }
end
return { 1, born, epoch, 0 }
` as string,
  },
  discard: {
    name: 'discard',
    sha1: '33fd65b5ea192e85ec41542993d95a6e78ca09d8',
    readOnly: false,
    source: `local function stored_in_record(member)
  return (string.find(member, '\\0', 1, true) or #member) + 1
end
local STORED_IN_OBJECT = 19
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
local JOURNAL = '\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'
local PAGE = 500
local function discard(key, note)
  local token, id = string.sub(note, 2, 17), string.sub(note, 18, 33)
  if id == JOURNAL then
    local page = redis.call('ZRANGE', key, '[w' .. token, '(w' .. token .. '\\255', 'BYLEX', 'LIMIT', '0', PAGE)
    if page[1] then
      redis.call('ZREMRANGEBYLEX', key, '[w' .. token, '[' .. page[#page])
    end
    if page[PAGE] then
      return
    end
  else
    local head = redis.call('ZRANGE', key, '[o' .. id, '(o' .. id .. '\\255', 'BYLEX')[1]
    if not head or split_of(head) ~= token then
      redis.call('ZREMRANGEBYLEX', key, '[p' .. token, '(p' .. token .. '\\255')
    end
  end
  redis.call('ZREM', key, note)
end
local function is_staged(key, prefix, count)
  local a, b, c, d = string.byte(count, 1, 4)
  local parts = redis.call('ZLEXCOUNT', key, '[p' .. prefix, '(p' .. prefix .. '\\255')
  local entries = redis.call('ZLEXCOUNT', key, '[w' .. prefix, '(w' .. prefix .. '\\255')
  return parts + entries == ((a * 256 + b) * 256 + c) * 256 + d
end
local function discard_staged(key, prefix)
  local notes = redis.call('ZRANGE', key, '[x' .. prefix, '(x' .. prefix .. '\\255', 'BYLEX', 'LIMIT', '0', '64')
  for i = 1, #notes do
    discard(key, notes[i])
  end
  return notes[1] ~= nil
end
local function discard_abandoned(key, before)
  local note = redis.call('ZRANGE', key, '[x', '(y', 'BYLEX', 'LIMIT', '0', '1')[1]
  if note and string.sub(note, 2, 7) < before then
    discard(key, note)
  end
end
return { 1, discard_staged(KEYS[1], ARGV[1]) and 1 or 0 }
` as string,
  },
  drop: {
    name: 'drop',
    sha1: '4bdb092879f0998529a72d37df94fa3298feb581',
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
  local staged = #last[1] == 33 and string.byte(last[1]) == 120
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
    sha1: 'b97bd62de34294e3fed329bddfca9be2a8c2781b',
    readOnly: false,
    source: `local key = KEYS[1]
redis.call('ZADD', key, 'XX', '0', 'x')
redis.call('ZREM', key, 'x')
redis.call('ZREMRANGEBYLEX', key, '[x', '[x')
redis.call('ZCARD', key)
redis.call('PEXPIRE', key, '1')
redis.call('PERSIST', key)
redis.call('UNLINK', key)
return 1
` as string,
  },
  read: {
    name: 'read',
    sha1: 'cadf05c3d234e6ea6c3dba8f3657940ffa5fbf79',
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
  local staged = #last[1] == 33 and string.byte(last[1]) == 120
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
local function want_refs(wanted, member, from)
  local refs = refs_of(member, from) or ''
  for i = 1, #refs, 16 do
    want(wanted, string.sub(refs, i, i + 15), true)
  end
end
local function note(wanted, records, follow)
  local find, sub, bytes = string.find, string.sub, 0
  for i = 1, #records do
    local member = records[i]
    bytes = bytes + #member
    if follow then
      local zero = find(member, '\\0', 1, true)
      if zero and sub(member, zero + 6, zero + 9) ~= '\\0\\0\\0\\0' then
        want_refs(wanted, member, zero + 1)
      end
    end
  end
  wanted.gathered = wanted.gathered + bytes
end
local MAX_LOOKUPS = 1000
local function gather(key, wanted, budget)
  local objects, absent, members = {}, {}, {}
  local gathered, i = wanted.gathered, 1
  while i <= wanted.count and i <= MAX_LOOKUPS and gathered < budget do
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
      want_refs(wanted, member, STORED_IN_OBJECT)
    end
    i = i + 1
  end
  return objects, absent
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
local function groups_of(key, prefix, lower, upper, limit, reverse, orphans)
  local records, count = {}, 0
  while limit ~= 0 do
    local edge = edge_of(key, lower, upper, reverse)
    if not edge then
      break
    end
    local group = group_of(edge, prefix)
    if not group then
      return nil, edge
    end
    local edge_is_own = string.byte(edge, #group + 1) == 0
    if not edge_is_own and not has_key(edge) then
      return nil, edge
    end
    if reverse and edge_is_own then
      count = count + 1
      records[count] = edge
      limit = limit - 1
    elseif reverse or edge_is_own or orphans then
      local members = redis.call('ZRANGE', key, '[' .. group, '(' .. above(group), 'BYLEX')
      if orphans or string.byte(members[1], #group + 1) == 0 then
        if count == 0 then
          records, count = members, #members
        else
          for i = 1, #members do
            records[count + i] = members[i]
          end
          count = count + #members
        end
        limit = limit - 1
      end
    end
    if reverse then
      upper = '(' .. group
    else
      lower = '[' .. above(group)
    end
  end
  return records
end
local function names_of(key, prefix, lower, upper, limit, reverse)
  local names, count = {}, 0
  while limit ~= 0 do
    local edge = edge_of(key, lower, upper, reverse)
    if not edge then
      break
    end
    local group = group_of(edge, prefix)
    if not group then
      return nil, edge
    end
    count = count + 1
    names[count] = string.sub(group, #prefix + 1, -2)
    limit = limit - 1
    if reverse then
      upper = '(' .. group
    else
      lower = '[' .. above(group)
    end
  end
  return names
end
local key, budget = KEYS[1], tonumber(ARGV[1])
local epoch, dropped, marker = epoch_of(key)
if not epoch then
  return { dropped, marker }
end
local wanted = { count = 0, gathered = 0 }
for i = 1, #ARGV[2], 16 do
  hold(wanted, string.sub(ARGV[2], i, i + 15))
end
local at, last = 3, #ARGV
local results, damaged = {}, nil
while at <= last do
  local read = ARGV[at]
  local result
  if read == 'g' then
    result = { record_at(key, ARGV[at + 1]) }
    note(wanted, result, ARGV[at + 2] == '1')
    at = at + 3
  elseif read == 'G' then
    result, damaged = groups_of(key, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), ARGV[at + 5] == '1', ARGV[at + 6] == '1')
    note(wanted, result or {}, ARGV[at + 7] == '1')
    at = at + 8
  elseif read == 'r' then
    local lower, upper = ARGV[at + 1], ARGV[at + 2]
    if ARGV[at + 4] == '1' then
      result = redis.call('ZRANGE', key, upper, lower, 'BYLEX', 'REV', 'LIMIT', '0', ARGV[at + 3])
    else
      result = redis.call('ZRANGE', key, lower, upper, 'BYLEX', 'LIMIT', '0', ARGV[at + 3])
    end
    note(wanted, result, ARGV[at + 5] == '1')
    at = at + 6
  elseif read == 'o' then
    local follow, ids = ARGV[at + 1] == '1', ARGV[at + 2]
    for i = 1, #ids, 16 do
      want(wanted, string.sub(ids, i, i + 15), follow)
    end
    result = 0
    at = at + 3
  elseif read == 'n' then
    result, damaged = names_of(key, ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4]), ARGV[at + 5] == '1')
    at = at + 6
  elseif read == 'c' then
    result = redis.call('ZLEXCOUNT', key, ARGV[at + 1], ARGV[at + 2])
    at = at + 3
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
local objects, absent = gather(key, wanted, budget)
return { 1, epoch, results, objects, absent }
` as string,
  },
  stage: {
    name: 'stage',
    sha1: 'b0bf5a2b3010d6c56e3175d3bb38758bc311aade',
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
  local staged = #last[1] == 33 and string.byte(last[1]) == 120
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
} as const
