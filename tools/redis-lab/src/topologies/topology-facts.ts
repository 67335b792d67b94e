import type { LabFacts } from '../facts.js'

/** What a topology tells of itself; the directory and the control socket are its host's. */
export type TopologyFacts<F extends LabFacts> = Omit<F, 'directory' | 'controlPath'>
