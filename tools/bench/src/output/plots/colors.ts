import { twinOf } from '../../savers/crowded.js'

/** Cairn in greens and blues, the others in warm colours, the floor and the ceiling in grey. */
const COLORS: Readonly<Record<string, string>> = {
  'does-nothing': '#8a8f98',
  least: '#a3a7ae',
  'bare-client': '#b9bdc4',
  'bare-get': '#b9bdc4',
  'bare-set-get': '#b9bdc4',
  'memory-saver': '#e0a100',
  'sqlite-saver': '#d9730d',
  'postgres-saver': '#c0392b',
  'redis-saver': '#8e2f6b',
  'cairn-memory': '#2f9e6e',
  'cairn-lmdb': '#7ab648',
  'cairn-ioredis': '#1f77b4',
  'cairn-node-redis': '#17a2b8',
  'cairn-ioredis-cluster': '#3f51b5',
  'cairn-node-redis-cluster': '#6f7fd8',
}

export function colorOf(saver: string): string {
  return COLORS[twinOf(saver) ?? saver] ?? '#555'
}
