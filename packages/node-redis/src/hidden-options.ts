/**
 * The settings that a client was made with; `undefined` where it keeps them to itself. A Sentinel hands them to the
 * constructor alone when it is asked for a duplicate.
 */
export function optionsOf(client: object): object | undefined {
  const { options, _options } = client as { readonly options?: unknown; readonly _options?: unknown }
  for (const found of [options, _options]) if (typeof found === 'object' && found !== null) return found
  if (!('duplicate' in client && typeof client.duplicate === 'function')) return undefined
  let handed: object | undefined
  function Reader(settings: object): void {
    handed = settings
  }
  const prototype: object = Object.create(client, { constructor: { value: Reader } }) as object
  client.duplicate.call(Object.create(prototype))
  return handed
}
