import { SimpleChatModel } from '@langchain/core/language_models/chat_models'
import { type BaseMessage, HumanMessage } from '@langchain/core/messages'

/**
 * A chat model that costs nothing and always answers alike. It knows what the messages it is given say and nothing
 * else, so it answers right only if the thread was remembered.
 */
export class RememberingModel extends SimpleChatModel {
  constructor() {
    super({})
  }

  override _llmType(): string {
    return 'remembering'
  }

  override async _call(messages: BaseMessage[]): Promise<string> {
    const said = messages.filter((message) => HumanMessage.isInstance(message)).map((message) => message.text)
    const name = said.map(nameIn).findLast((found) => found !== undefined)
    const last = said.at(-1) ?? ''
    if (nameIn(last) !== undefined) return `Nice to meet you, ${name}.`
    if (/\bmy name\b/i.test(last)) {
      return name === undefined
        ? 'I do not know: you have not told me in this thread.'
        : `Your name is ${name}.`
    }
    return `That was message ${said.length} of yours in this thread. Tell me your name, or ask me for it.`
  }
}

function nameIn(text: string): string | undefined {
  return /\bmy name is (\p{L}[\p{L}\p{M}'’-]*)/iu.exec(text)?.[1]
}
