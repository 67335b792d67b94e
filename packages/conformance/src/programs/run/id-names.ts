/** Streaming messages gives one that has no id that of its run, if it comes before the reducer does. */
const ID =
  /(?:run-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:-out-\d+)?|\b[0-9a-f]{32}\b/g
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g

/** The id that LangGraph gives to writes that are no task's. */
const NO_TASK = '00000000-0000-0000-0000-000000000000'

/** Whether this is an id, and nothing but one, that is not the same on two sides. */
export function isMadeByChance(value: unknown): boolean {
  return typeof value === 'string' && value.replace(ID, '') === '' && value !== ''
}

/** A text without ids and times. */
export function blank(text: string): string {
  return text.replaceAll(ID, '#').replaceAll(TIME, '(time)')
}

/**
 * Names for the ids of one side: those that are made from the time or by chance (checkpoints, messages), and those that
 * are made from them (tasks, interrupts). An id is named when it is seen first, so two sides that do the same have the
 * same names.
 */
export class IdNames {
  readonly #names = new Map<string, string>([[NO_TASK, '#none']])

  /** The text with every id named. */
  name(text: string): string {
    return text
      .replaceAll(ID, (id) => {
        const known = this.#names.get(id)
        if (known !== undefined) return known
        const name = `#${this.#names.size}`
        this.#names.set(id, name)
        return name
      })
      .replaceAll(TIME, '(time)')
  }

  /** The text with the ids named that are known: for putting things in an order before they are named. */
  preview(text: string): string {
    return text.replaceAll(ID, (id) => this.#names.get(id) ?? '#').replaceAll(TIME, '(time)')
  }
}
