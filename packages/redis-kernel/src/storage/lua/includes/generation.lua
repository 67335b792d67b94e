-- A commit that changes or removes records leaves a new generation in the partition, 'g' and 16 bytes, so that whoever reads in
-- pages notices. Not where there are at most so many records: they are never read in pages.
local FEW = 16
