import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type BaseMessage } from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'

/** A model that answers at once, with what `answer` says to the messages it is given. */
export class ScriptedModel extends BaseChatModel {
  readonly #answer: (messages: readonly BaseMessage[]) => AIMessage

  constructor(answer: (messages: readonly BaseMessage[]) => AIMessage) {
    super({})
    this.#answer = answer
  }

  override _llmType(): string {
    return 'scripted'
  }

  /** The script knows which tools there are. */
  override bindTools(): this {
    return this
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const message = this.#answer(messages)
    return { generations: [{ message, text: message.text }] }
  }
}
