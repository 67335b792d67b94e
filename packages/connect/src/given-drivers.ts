import { type FromUrl, show } from '@cairnkit/core/driver'
import type { DriverPackage } from './driver-packages.js'

/** What the factories open. Throws a `TypeError` for anything that is not the factory of a driver. */
export function openersOf(drivers: unknown): readonly FromUrl[] {
  if (!Array.isArray(drivers)) {
    throw new TypeError(`drivers: expected a list such as [createIoredisDriver], got ${show(drivers)}`)
  }
  return drivers.map((driver: unknown, at) => {
    const opener = openerOf(driver)
    if (opener !== undefined) return opener
    throw new TypeError(
      `drivers: number ${at + 1} is not the factory of a driver, such as createIoredisDriver of @cairnkit/ioredis; got ${typeof driver}`,
    )
  })
}

/** The factory that a package exports. */
export function factoryOf(module: unknown, { package: name, factory }: DriverPackage): FromUrl {
  const opener = openerOf(propertyOf(module, factory) ?? propertyOf(propertyOf(module, 'default'), factory))
  if (opener !== undefined) return opener
  throw new Error(
    `${name} is installed, and it has no ${factory} that connect can use. Install the same version of all packages of Cairn`,
  )
}

function openerOf(factory: unknown): FromUrl | undefined {
  const opener = propertyOf(factory, 'fromUrl')
  const [name, schemes, create] = ['name', 'schemes', 'create'].map((key) => propertyOf(opener, key))
  return typeof name === 'string' && Array.isArray(schemes) && typeof create === 'function'
    ? (opener as FromUrl)
    : undefined
}

function propertyOf(value: unknown, key: string): unknown {
  const holds = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return holds ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}
