import type { CheckpointTuple } from '@langchain/langgraph-checkpoint'
import { canonicalText, digestOfText } from '../log/digest.js'
import type { PutEntry } from '../log/entry.js'
import { threadsIn, tokenOf } from '../log/token.js'
import type { Blemish, Finding } from './findings.js'
import { type ThreadLog, type WriteSlot, acknowledged } from './thread-log.js'

/** Compares one checkpoint, with its pending writes, with the log of its thread. */
export function checkTuple(tuple: CheckpointTuple, name: string, log: ThreadLog): Finding[] {
  const { thread } = log
  const blemish = (type: Blemish['type'], detail: string): Blemish => ({ type, thread, place: name, detail })
  const attempts = log.puts.get(name)
  if (attempts === undefined) return [blemish('unasked', 'nobody put it')]

  const { channel_values: values } = tuple.checkpoint
  const texts = new Map(Object.entries(values).map(([channel, value]) => [channel, canonicalText(value)]))
  const metadata = canonicalText(tuple.metadata)
  const writes = (tuple.pendingWrites ?? []).map(([taskId, channel, value]) => {
    return { taskId, channel, text: canonicalText(value) }
  })
  const everything = [...texts.values(), metadata, ...writes.map(({ text }) => text)].join('\n')
  const strangers = [...threadsIn(everything)].filter((other) => other !== thread)

  return [
    ...strangers.map((other) => blemish('mixed', `holds something of ${other}`)),
    ...differences(tuple, texts, metadata, attempts).map((detail) => blemish('wrong', detail)),
    ...repeated(values, log).map((detail) => blemish('duplicated', detail)),
    ...checkWrites(writes, log.writes.get(name) ?? new Map(), (what, place, at) =>
      what === 'lost'
        ? { type: 'lost', what: 'write', thread, place: `${name} ${place}`, at }
        : blemish(what, `write ${place}`),
    ),
  ]
}

/** In what the checkpoint differs from the attempt that it resembles most: none, if it is one of them. */
function differences(
  { parentConfig }: CheckpointTuple,
  texts: ReadonlyMap<string, string>,
  metadata: string,
  attempts: readonly PutEntry[],
): string[] {
  const parentId: unknown = parentConfig?.configurable?.['checkpoint_id']
  const found = new Map([...texts].map(([channel, text]) => [channel, digestOfText(text)]))
  const perAttempt = attempts.map((put) => {
    const channels = new Set([...found.keys(), ...Object.keys(put.values)])
    const wrong = [...channels].filter((channel) => found.get(channel) !== put.values[channel])
    return [
      ...wrong.map(
        (channel) => `channel ${channel} ${howItDiffers(found.get(channel), put.values[channel])}`,
      ),
      ...(digestOfText(metadata) === put.metadata ? [] : ['its metadata are others']),
      ...(parentId === put.parentId ? [] : [`its parent is ${String(parentId)}, not ${put.parentId}`]),
    ]
  })
  return perAttempt.sort((a, b) => a.length - b.length)[0] ?? []
}

function howItDiffers(found: string | undefined, asked: string | undefined): string {
  if (found === undefined) return 'is missing'
  return asked === undefined ? 'was not put' : 'holds another value'
}

/** Tokens that stand twice in one list: something was applied twice. */
function repeated(values: Readonly<Record<string, unknown>>, log: ThreadLog): string[] {
  return Object.entries(values).flatMap(([channel, value]) => {
    if (!Array.isArray(value)) return []
    // A node of a subgraph that is resumed may run twice: the subgraph keeps what it did the first time.
    if (channel === 'kept' && log.turns.some(({ action }) => action === 'resume')) return []
    const tokens = value.flatMap((one) => (typeof one === 'string' ? [tokenOf(one)] : []))
    const twice = tokens.filter((token, at) => token !== undefined && tokens.indexOf(token) !== at)
    return twice.map((token) => `${token} was applied twice to ${channel}`)
  })
}

interface FoundWrite {
  readonly taskId: string
  readonly channel: string
  readonly text: string
}

type Report = (what: 'lost' | 'duplicated' | 'wrong' | 'unasked', place: string, at: number) => Finding

/** A tuple does not tell the index of a write, so those of one task to one channel are compared as a bag. */
function checkWrites(
  found: readonly FoundWrite[],
  slots: ReadonlyMap<string, WriteSlot>,
  report: Report,
): Finding[] {
  const groups = new Map<string, { digests: string[]; slots: WriteSlot[] }>()
  const group = (taskId: string, channel: string) => {
    const key = `${taskId} ${channel}`
    const known = groups.get(key) ?? { digests: [], slots: [] }
    groups.set(key, known)
    return known
  }
  for (const { taskId, channel, text } of found) group(taskId, channel).digests.push(digestOfText(text))
  for (const slot of slots.values()) group(slot.taskId, slot.channel).slots.push(slot)

  return [...groups].flatMap(([place, { digests, slots: asked }]): Finding[] => {
    if (asked.length === 0) return [report('unasked', place, 0)]
    const kept = asked.flatMap(({ attempts }) => acknowledged(attempts) ?? [])
    const tried = new Set(asked.flatMap(({ attempts }) => attempts.map(({ digest }) => digest)))
    return [
      ...kept.slice(digests.length).map(({ at }) => report('lost', place, at)),
      ...digests.slice(asked.length).map(() => report('duplicated', place, 0)),
      ...digests.filter((digest) => !tried.has(digest)).map(() => report('wrong', place, 0)),
    ]
  })
}
