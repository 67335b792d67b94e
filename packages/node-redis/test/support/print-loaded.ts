import { createRequire } from 'node:module'
import '../../src/index.js'

/** Prints the packages whose modules are in the process once it has the driver. */
const files = Object.keys(createRequire(import.meta.url).cache)
const names = files.flatMap((file) => /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? [])
process.stdout.write(JSON.stringify([...new Set(names)]))
