-- Removes what was staged for a commit that failed.
--
-- KEYS[1]  the partition
-- ARGV[1]  the 12 bytes that the tokens of the commit begin with
-- Returns  { 1, 1 if there may be more else 0 }

--- @include staging

return { 1, discard_staged(KEYS[1], ARGV[1]) and 1 or 0 }
