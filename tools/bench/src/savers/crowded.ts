import type { Contender } from './contender.js'

const SUFFIX = '-crowded'

/** The id of a saver where it shares its server with a million keys of others. */
export function crowdedId(id: string): string {
  return `${id}${SUFFIX}`
}

/** Whose crowded twin an id names; undefined when it names none. */
export function twinOf(id: string): string | undefined {
  return id.endsWith(SUFFIX) ? id.slice(0, -SUFFIX.length) : undefined
}

/** The same saver on a server that also holds a million keys of others. */
export function amongOthers(contender: Contender): Contender {
  return {
    ...contender,
    id: crowdedId(contender.id),
    title: `${contender.title}, crowded`,
    needs: [...contender.needs, 'crowd'],
    redis: 'crowd',
    open: async (places, mode) => await contender.open({ ...places, redisUrl: places.crowdUrl }, mode),
  }
}
