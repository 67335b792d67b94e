interface Address {
  readonly host: string
  readonly port: number
}

/** Where a server listens, without all else that is known of it. */
export function addressOf({ host, port }: Address): { host: string; port: number } {
  return { host, port }
}
