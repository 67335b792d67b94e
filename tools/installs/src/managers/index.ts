import { bun } from './bun.js'
import { deno } from './deno.js'
import type { Manager } from './manager.js'
import { npm } from './npm.js'
import { pnpm, pnpmWithoutPeers } from './pnpm.js'
import { yarn, yarnPnp } from './yarn.js'

export const managers: readonly Manager[] = [npm, pnpm, pnpmWithoutPeers, yarn, yarnPnp, bun, deno]
