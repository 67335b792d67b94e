import { describeBinaryData } from './binary-data.js'
import { describeChosenDatabase } from './chosen-database.js'
import type { CreateTransport } from './client-under-test.js'
import { describeDemotions } from './demotions.js'
import { describeFailovers } from './failovers.js'
import { describeLostReplies } from './lost-replies.js'
import { describeLostServers } from './lost-servers.js'
import { useRecoveryLabs } from './recovery-kit.js'

/** What a transport does when a reply is lost, a server dies or hangs, and when another one took over. */
export function describeRecovery(create: CreateTransport): void {
  const labs = useRecoveryLabs()
  describeLostReplies(create, labs)
  describeLostServers(create, labs)
  describeDemotions(create)
  describeChosenDatabase(create)
  describeFailovers(create)
  describeBinaryData(create, labs)
}
