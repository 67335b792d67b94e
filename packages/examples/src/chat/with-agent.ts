import { connect } from '@cairnkit/connect'
import { CairnSaver } from '@cairnkit/langgraph'
import { type ChatAgent, createAgent } from './agent.js'
import { chooseModel } from './choose-model.js'
import { UserError } from './run-program.js'

export interface Opened {
  readonly agent: ChatAgent
  /** For people. */
  readonly modelName: string
  /** Whether threads outlive this process. */
  readonly isDurable: boolean
}

/** Opens the storage that `url` names, lets `use` work with an agent on it, and closes it whatever happened. */
export async function withAgent(url: string, use: (opened: Opened) => Promise<void>): Promise<void> {
  const { model, name } = await chooseModel()
  const storage = await connect(url).catch(refuse)
  try {
    const agent = createAgent(model, new CairnSaver(storage))
    await use({ agent, modelName: name, isDurable: storage.capabilities.durability !== 'none' })
  } finally {
    await storage.close()
  }
}

/** To `connect` a URL that makes no sense is a mistake of the program; here a person typed it. */
function refuse(error: unknown): never {
  throw error instanceof TypeError ? new UserError(error.message, { cause: error }) : error
}
