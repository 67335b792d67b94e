import { connect } from '@cairnkit/connect'
import { CairnSaver } from '@cairnkit/langgraph'
import { MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'

const storage = await connect('lmdb:./memory')
const graph = new StateGraph(MessagesAnnotation)
  .addNode('reply', ({ messages }) => ({
    messages: { role: 'ai', content: `I remember ${messages.length} messages of this thread.` },
  }))
  .addEdge(START, 'reply')
  .compile({ checkpointer: new CairnSaver(storage) })

const thread = { configurable: { thread_id: 'ada' } }
const { messages } = await graph.invoke({ messages: 'Hello' }, thread)
console.log(messages.at(-1)?.text)
await storage.close()
