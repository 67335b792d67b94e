import { bundlerKinds } from './bundlers.js'
import type { Kind } from './kind.js'
import { nextKinds } from './next.js'
import { plainKinds } from './plain.js'

export const kinds: readonly Kind[] = [...plainKinds, ...bundlerKinds, ...nextKinds]
