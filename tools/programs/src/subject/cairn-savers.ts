import type { SaverKind } from '@cairnkit/conformance/programs'
import { JsonPlusSerializer } from '@langchain/langgraph-checkpoint'
import type { SaverOptions } from './saver-options.js'

/** Values are stored as it gives them, because it is not LangGraph's own class; and what it gives is the same. */
class OwnSerializer extends JsonPlusSerializer {}

/** Every option that must not change what is stored, by the name that programs call it. */
export const cairnSavers: Readonly<Record<string, SaverKind<SaverOptions>>> = {
  defaults: { options: { cairn: {} }, weight: 3 },
  'another process': { options: { cairn: {}, process: 1 }, weight: 2 },
  'new each time': { options: { cairn: {}, process: 1 }, lives: 'step', weight: 2 },
  'healing off': { options: { cairn: { healing: 'off' } } },
  'healing thread': { options: { cairn: { healing: 'thread' }, process: 1 } },
  'no cache': { options: { cairn: { cacheBytes: 0 } } },
  'small cache': { options: { cairn: { cacheBytes: 16_384 } } },
  reject: { options: { cairn: { onConflict: 'reject' } }, weight: 3 },
  'reject, new each time': {
    options: { cairn: { onConflict: 'reject' }, process: 1 },
    lives: 'step',
    weight: 2,
  },
  'own serializer': { options: { cairn: { serde: new OwnSerializer() }, process: 1 } },
  replicas: { options: { cairn: { durability: { replicas: 1, timeoutMs: 5000 } } } },
  'put of three arguments': { options: { cairn: {}, putArguments: 3 }, weight: 0.3 },
}
