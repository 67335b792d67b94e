import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { RememberingModel } from './remembering-model.js'

export interface ChosenModel {
  readonly model: BaseChatModel
  /** For people. */
  readonly name: string
}

/** OpenAI if there is a key for it, else the small built-in model. */
export async function chooseModel(): Promise<ChosenModel> {
  if (!process.env['OPENAI_API_KEY']) {
    return { model: new RememberingModel(), name: 'built-in (set OPENAI_API_KEY to talk to OpenAI)' }
  }
  // Loaded only when it is used: the demo needs nothing of it otherwise.
  const { ChatOpenAI } = await import('@langchain/openai')
  const model = process.env['OPENAI_MODEL'] ?? 'gpt-4o-mini'
  return { model: new ChatOpenAI({ model }), name: `OpenAI ${model}` }
}
