import { seededRandom } from '@cairnkit/conformance/faults'
import { afterAll, expect, test } from 'vitest'
import { openScene } from './healing/scene.js'
import { at, put, valueOf } from './healing/writer.js'

const scene = await openScene('healing-random')
const { writer, stored, pastOf } = scene
afterAll(async () => await scene[Symbol.asyncDispose]())

test('a thread that was thrown back, by any history and any cut, has every acknowledged checkpoint again', async (context) => {
  pastOf(context, 'any')
  const seed = Number(process.env['CAIRN_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  const random = seededRandom(seed)
  for (let round = 0; round < 12; round++) {
    const threadId = `any-${round}`
    const past = pastOf(context, threadId)
    const one = writer('tail', random() < 0.5 ? { onConflict: 'reject' } : {})
    const tips = new Map<string, string | undefined>()
    let expected: Record<string, unknown> = {}
    let step = 0
    const keptAt = 1 + Math.floor(random() * 10)
    const cutAt = keptAt + Math.floor(random() * 10)
    for (let act = 0; act < 24; act++) {
      const namespace = random() < 0.7 ? '' : 'child:1'
      const tip = tips.get(namespace)
      if (tip !== undefined && random() < 0.4) {
        const writes: [string, unknown][] = [['x', random() < 0.5 ? act : valueOf(String(act))]]
        await one.saver.putWrites(at(threadId, tip, namespace), writes, `task-${act}`)
      } else {
        const id = `c${String(step++).padStart(3, '0')}`
        await put(one, threadId, id, tip, namespace)
        tips.set(namespace, id)
      }
      if (act === keptAt) await past.keep()
      if (act !== cutAt) continue
      expected = await stored(threadId)
      await past.bringBack()
    }
    const message = `CAIRN_SEED=${seed}, round ${round}`
    const now = await stored(threadId)
    for (const [name, tuple] of Object.entries(expected)) {
      const { values, parent, writes } = tuple as Record<string, unknown>
      expect(now[name], `${message}, ${name}`).toMatchObject({ values, parent })
      const held = (now[name] as { writes: unknown[] }).writes
      expect(held, `${message}, ${name}`).toEqual(expect.arrayContaining(writes as unknown[]))
    }
    expect(Object.keys(now).length, message).toBe(step)
  }
})
