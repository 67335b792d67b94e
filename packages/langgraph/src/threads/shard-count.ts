import type { Keyspace } from '@cairnkit/core'

const DEFAULT_SHARDS = 16

const SETTINGS = 'settings'
const settingsKey = Object.freeze(['shards'])
const DIGITS = /^[1-9]\d{0,3}$/

/**
 * Resolves to the number of shards of the directory. The first process stores it, because two processes that disagree would not
 * find each other's threads. Throws a `TypeError` if `wanted` is another one.
 */
export async function shardCount(directory: Keyspace, wanted: number | undefined): Promise<number> {
  const settings = directory.partition(SETTINGS)
  const read = async (): Promise<number | undefined> => {
    const [{ record }] = await settings.read([{ type: 'get', key: settingsKey }])
    const text = record && Buffer.from(record.bytes).toString('latin1')
    if (text !== undefined && !DIGITS.test(text))
      throw new TypeError(
        `The directory of threads says that it has ${JSON.stringify(text)} shards: its settings are damaged`,
      )
    return text === undefined ? undefined : Number(text)
  }
  let stored = await read()
  if (stored === undefined) {
    const bytes = Buffer.from(String(wanted ?? DEFAULT_SHARDS), 'latin1')
    await settings.commit({ mutations: [{ type: 'insert', key: settingsKey, bytes }] })
    stored = (await read()) ?? wanted ?? DEFAULT_SHARDS
  }
  if (wanted !== undefined && wanted !== stored)
    throw new TypeError(
      `The directory of threads has ${stored} shards, which cannot be changed, and the option shards says ${wanted}. ` +
        `Leave the option out, or pass ${stored}`,
    )
  return stored
}
