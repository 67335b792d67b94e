import type { LabNode } from '@cairnkit/redis-lab'

/** From an address that servers announce, as `host:port`, to the one that writers use. */
export type AddressMap = Readonly<Record<string, { readonly host: string; readonly port: number }>>

/** The network between writers and servers, as far as it can be broken. */
export interface Network extends AsyncDisposable {
  readonly kind: 'namespaces' | 'proxy'
  /** Where writers find the servers, if not where these say. */
  readonly addressMap: AddressMap | undefined
  /** Nothing passes from now on, and nobody is told. */
  cut(node: LabNode): Promise<void>
  /** New connections are made again; old ones may stay silent. */
  mend(node: LabNode): Promise<void>
}
